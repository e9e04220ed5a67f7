package dev.slotmesh.gossip;

/** What the running input leaves to be done at its end: work to do once, and effects to release in order. */
record Pending(Agenda agenda, Outbox outbox) {}
