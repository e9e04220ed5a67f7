package dev.slotmesh.bus;

import java.util.Objects;

/**
 * What a heartbeat says about a third node.
 *
 * @param id the node spoken about; any 40 bytes when decoded
 * @param pingSentSeconds Unix <b>seconds</b> of the pending ping, 0 if none is pending; 0..2^32-1
 * @param pongReceivedSeconds Unix <b>seconds</b> of the last pong; 0..2^32-1
 * @param address where the sender believes that node to be
 * @param flags {@link NodeFlags} of that node in the sender's table, 0..65535
 */
public record GossipEntry(
        NodeId id, long pingSentSeconds, long pongReceivedSeconds, Address address, int flags) {
    public GossipEntry {
        Objects.requireNonNull(id);
        Objects.requireNonNull(address);
        Fields.checkU32("ping sent", pingSentSeconds);
        Fields.checkU32("pong received", pongReceivedSeconds);
        Fields.checkU16("node flags", flags);
    }
}
