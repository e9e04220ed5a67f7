package dev.slotmesh.server.config;

/**
 * Where {@code replicaof} points.
 *
 * @param port 0..65535
 */
public record PrimaryAddress(String host, int port) {}
