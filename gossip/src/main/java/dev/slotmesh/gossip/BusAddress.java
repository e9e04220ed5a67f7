package dev.slotmesh.gossip;

import java.util.Objects;

/**
 * Where a peer listens for the cluster bus.
 *
 * @param ip literal IPv4 or IPv6 text without brackets
 * @param busPort 1..65535 for an address worth connecting to
 */
public record BusAddress(String ip, int busPort) {
    public BusAddress {
        Objects.requireNonNull(ip, "ip");
    }

    @Override
    public String toString() {
        return ip + ":" + busPort;
    }
}
