/**
 * Whole slots on their way to another node in one step: the jobs that send them, the sessions that take them, and the reports
 * on both. Who owns a slot is decided by the gossip machine; commands on keys are not executed here.
 */
package dev.slotmesh.server.migration;
