/**
 * Values to and from the bytes of RDB version 10, which DUMP and RESTORE exchange and snapshots consist of.
 *
 * <p>{@link dev.slotmesh.keyspace.rdb.RdbWriter} and {@link dev.slotmesh.keyspace.rdb.RdbReader} know lengths and strings
 * and work on streams of any length; the classes named after a type know its forms. It writes what Redis 7.0 writes and reads
 * what it reads. Every length read is checked against what is there before it sizes anything, so that wrong bytes cost an
 * {@link dev.slotmesh.keyspace.rdb.RdbFormatException} and nothing else.
 */
package dev.slotmesh.keyspace.rdb;
