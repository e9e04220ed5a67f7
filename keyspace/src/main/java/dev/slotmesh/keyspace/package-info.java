/**
 * The 16,384 hash slots, their keys and data types, expiry and locks. No RESP, Netty, command or cluster role lives here.
 */
package dev.slotmesh.keyspace;
