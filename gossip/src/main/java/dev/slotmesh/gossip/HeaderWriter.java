package dev.slotmesh.gossip;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;

/** Writes the header every full message starts with: what this node says of itself (cluster bus facts, section 2.2). */
final class HeaderWriter {
    /** The wire field holds no more; Redis cuts a longer cluster-announce-ip as well. */
    private static final int MAX_ANNOUNCED_IP = 45;

    private static final int TOLD_FLAGS = NodeFlags.PRIMARY
            | NodeFlags.REPLICA
            | NodeFlags.MYSELF
            | NodeFlags.MIGRATE_TO
            | NodeFlags.NOFAILOVER;

    private final NodeTable table;
    private final Epochs epochs;
    private final ClusterHealth health;
    private final CurrentSettings settings;
    private final StandingWrites writes;

    HeaderWriter(
            NodeTable table,
            Epochs epochs,
            ClusterHealth health,
            CurrentSettings settings,
            StandingWrites writes) {
        this.table = table;
        this.epochs = epochs;
        this.health = health;
        this.settings = settings;
        this.writes = writes;
    }

    /** A replica with a known primary speaks for it: its slots, its configEpoch. The mark of a Slotmesh node is added. */
    Header write(int messageFlags) {
        Node myself = table.myself();
        Node speaker = myself.isReplica() && myself.primary != null ? myself.primary : myself;
        NodeId primary = myself.primary == null ? NodeId.NONE : myself.primary.id;
        int paused = writes.areStill() ? MessageFlags.PAUSED : 0;
        int state = health.ok() ? Header.Flags.STATE_OK : Header.Flags.STATE_FAIL;
        return new Header(
                myself.id,
                new Header.Claim(primary, speaker.slots()),
                new Header.Progress(epochs.currentEpoch(), speaker.configEpoch, myself.replOffset),
                announced(),
                new Header.Flags(myself.flags & TOLD_FLAGS, state, messageFlags | paused | mark()));
    }

    private int mark() {
        boolean probes = settings.get().policies().flatHeartbeats();
        return MessageFlags.SLOTMESH | (probes ? MessageFlags.PROBES : 0);
    }

    private Address announced() {
        NodeAddress own = settings.get().announced();
        String ip = own.ip().length() > MAX_ANNOUNCED_IP
                ? own.ip().substring(0, MAX_ANNOUNCED_IP)
                : own.ip();
        return new Address(ip, own.port(), own.plaintextPort(), own.busPort());
    }
}
