/**
 * Values to and from the bytes of RDB, which DUMP and RESTORE exchange and snapshots consist of, and whole RDB files.
 *
 * <p>{@link dev.slotmesh.keyspace.rdb.RdbWriter} and {@link dev.slotmesh.keyspace.rdb.RdbReader} know lengths and strings
 * and work on streams of any length; the classes named after a type know its forms. {@link
 * dev.slotmesh.keyspace.rdb.RdbFileWriter} makes a file of the records of a {@link dev.slotmesh.keyspace.rdb.KeyspaceSnapshot}, {@link
 * dev.slotmesh.keyspace.rdb.RdbFileReader} loads one. It writes version 10, as Redis 7.0 does; of files it reads those of
 * newer servers, too. Every length read is checked against what is there before it sizes anything, so that wrong bytes cost an
 * {@link dev.slotmesh.keyspace.rdb.RdbFormatException} and nothing else.
 */
package dev.slotmesh.keyspace.rdb;
