/**
 * Off-heap memory: the arena, its layouts and views. The only package that touches addresses and chronicle-bytes.
 */
package dev.slotmesh.keyspace.memory;
