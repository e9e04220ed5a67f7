package dev.slotmesh.server.reshard;

/** A slot whose move has begun and not ended: its owner, and who was to get it. */
record OpenSlot(int slot, String ownerId, String targetId) {}
