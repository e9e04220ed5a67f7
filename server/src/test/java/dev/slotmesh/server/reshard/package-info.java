/** Tests of the tools that move slots in a running cluster: the planners alone, the tools against small clusters. */
package dev.slotmesh.server.reshard;
