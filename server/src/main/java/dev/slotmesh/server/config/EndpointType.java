package dev.slotmesh.server.config;

/** What redirects and CLUSTER SLOTS name a node by. */
public enum EndpointType {
    IP,
    HOSTNAME,
    UNKNOWN_ENDPOINT
}
