/**
 * The packets of the Redis Cluster bus as records, their layout, and the named reasons for refusing one. No protocol rule
 * and no Netty live here.
 */
package dev.slotmesh.bus;
