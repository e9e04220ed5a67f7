/** DUMP and RESTORE: values as bytes to carry elsewhere. The form of these bytes is known to the keyspace only. */
package dev.slotmesh.server.commands.dump;
