/**
 * Keys as the commands that make them anew: the form of an append-only file without an RDB preamble. It sits on top of the
 * keyspace, beside {@code rdb}; what a command does and how it is parsed is not known here.
 */
package dev.slotmesh.keyspace.commands;
