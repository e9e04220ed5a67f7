/** Tests of the commands of the group cluster, mostly beside a real redis-server. */
package dev.slotmesh.server.commands.cluster;
