/**
 * Lists: nodes of packed elements in a chain, with ends that grow without moving what is there. Knows blocks and bytes; which
 * key a list belongs to, and when it goes, is decided above.
 */
package dev.slotmesh.keyspace.list;
