package dev.slotmesh.server.reshard;

/**
 * What is to be moved, and what is to be said of it.
 *
 * @param remark "" when there is nothing to say
 */
record Proposal(Plan plan, String remark) {}
