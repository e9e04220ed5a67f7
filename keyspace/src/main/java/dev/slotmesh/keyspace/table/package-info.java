/**
 * Hash tables in native memory, without any object per table or element: what large sets, hashes and the dictionaries of
 * sorted sets are made of. Knows {@code memory} only; which type a table is for is decided above.
 */
package dev.slotmesh.keyspace.table;
