/**
 * Streams in native memory: their nodes of entries, consumer groups, consumers and what these have not confirmed. Known by
 * opaque handles; nothing here knows keys, slots or commands. The layout is in docs/memory-layout.md.
 */
package dev.slotmesh.keyspace.stream;
