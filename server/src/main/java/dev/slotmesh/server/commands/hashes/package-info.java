/**
 * The commands of the hash group, those of Redis 7.0 and the deadlines of fields that later versions added. What a hash is made
 * of is the keyspace's business.
 */
package dev.slotmesh.server.commands.hashes;
