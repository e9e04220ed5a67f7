/** Tests of the node as a member of a cluster, alone and beside real Redis nodes. */
package dev.slotmesh.server.cluster;
