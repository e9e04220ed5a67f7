/**
 * Slots that move while clients write, in clusters of Slotmesh nodes and of both kinds: by redis-cli's tools and by CLUSTER
 * SETSLOT and MIGRATE, with everything that may go wrong on the way. What single commands answer is compared with redis-server.
 */
package dev.slotmesh.server.resharding;
