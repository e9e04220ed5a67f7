package dev.slotmesh.gossip;

import java.util.Objects;

/**
 * Where a node can be reached.
 *
 * @param ip literal IPv4 or IPv6 text without brackets; empty when unknown, which in what this node announces means
 *     "discover it from the sockets packets arrive on"
 * @param port client port, 0..65535; the TLS port when the cluster talks TLS
 * @param plaintextPort the plaintext client port when {@code port} is the TLS port, else 0
 * @param busPort cluster bus port, 0..65535
 * @param hostname at most 255 characters; empty when it has none
 */
public record NodeAddress(String ip, int port, int plaintextPort, int busPort, String hostname) {
    public NodeAddress {
        Objects.requireNonNull(ip, "ip");
        Objects.requireNonNull(hostname, "hostname");
        requirePort(port);
        requirePort(plaintextPort);
        requirePort(busPort);
        if (hostname.length() > 255) {
            throw new IllegalArgumentException("hostname longer than 255 characters");
        }
    }

    /** A plaintext node without hostname whose ip is discovered. */
    public static NodeAddress ofPorts(int port, int busPort) {
        return new NodeAddress("", port, 0, busPort, "");
    }

    /** The same with another ip. */
    public NodeAddress withIp(String newIp) {
        return new NodeAddress(newIp, port, plaintextPort, busPort, hostname);
    }

    /** The same with another hostname. */
    public NodeAddress withHostname(String newHostname) {
        return new NodeAddress(ip, port, plaintextPort, busPort, newHostname);
    }

    /** Whether both name the same listener for the cluster bus and for clients. */
    boolean sameEndpoint(NodeAddress other) {
        return port == other.port && busPort == other.busPort && ip.equals(other.ip);
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
    }
}
