package dev.slotmesh.gossip;

import java.util.Objects;

/**
 * The facts of an established TCP connection.
 *
 * @param localIp literal address of this end, without brackets or scope
 * @param peerIp literal address of the other end, likewise
 */
public record LinkContext(String localIp, String peerIp) {
    public LinkContext {
        Objects.requireNonNull(localIp, "localIp");
        Objects.requireNonNull(peerIp, "peerIp");
    }
}
