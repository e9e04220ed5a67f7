/**
 * The commands of the string group. What changes a value in place is {@link dev.slotmesh.keyspace.Strings}; here live the
 * arguments, their order of checking, the replies and the arithmetic of INCRBYFLOAT and LCS.
 */
package dev.slotmesh.server.commands.strings;
