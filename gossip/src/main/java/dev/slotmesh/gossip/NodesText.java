package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.SlotRange;

import java.util.StringJoiner;

/**
 * The lines of CLUSTER NODES and of nodes.conf (cluster bus facts, sections 16 and 17.1):
 *
 * <pre>
 * id ip:port@busport[,hostname] flags primary|- ping-sent pong-recv epoch connected|disconnected slots...
 * </pre>
 */
final class NodesText {
    /** Flags in the order in which they are printed. */
    static final int[] PRINTED_FLAGS = {
        NodeFlags.MYSELF,
        NodeFlags.PRIMARY,
        NodeFlags.REPLICA,
        NodeFlags.PFAIL,
        NodeFlags.FAIL,
        NodeFlags.HANDSHAKE,
        NodeFlags.NOADDR,
        NodeFlags.NOFAILOVER
    };

    /** Their names, position by position. */
    static final String[] FLAG_NAMES = {
        "myself", "master", "slave", "fail?", "fail", "handshake", "noaddr", "nofailover"
    };

    static final String NO_FLAGS = "noflags";

    /** Names on the vars line that only this kind of node writes; their values hold no blanks. */
    static final String SHARD_ID = "slotmesh-shard-id";

    static final String FORGOTTEN = "slotmesh-forgotten";

    static final String UNCONFIRMED = "slotmesh-unconfirmed";

    static final String EXPORTS = "slotmesh-exports";

    static final String IMPORTS = "slotmesh-imports";

    private static final int TYPICAL_LINE = 160;

    private NodesText() {}

    /** CLUSTER NODES: every entry, a line each. */
    static String shown(ClusterView view, boolean plaintextPorts) {
        StringBuilder text = new StringBuilder(TYPICAL_LINE * view.nodeCount());
        for (int i = 0; i < view.nodeCount(); i++) {
            line(text, view, view.node(i), plaintextPorts);
            text.append('\n');
        }
        return text.toString();
    }

    /** nodes.conf: entries in handshake left out, the vars line at the end. */
    static String stored(ClusterView view, PrivateVars vars) {
        StringBuilder text = new StringBuilder(TYPICAL_LINE * view.nodeCount());
        for (int i = 0; i < view.nodeCount(); i++) {
            if (!view.node(i).isInHandshake()) {
                line(text, view, view.node(i), false);
                text.append('\n');
            }
        }
        ClusterCounts counts = view.counts();
        text.append("vars currentEpoch ")
                .append(Long.toUnsignedString(counts.currentEpoch()))
                .append(" lastVoteEpoch ")
                .append(Long.toUnsignedString(counts.lastVoteEpoch()));
        privateVars(text, vars);
        return text.append('\n').toString();
    }

    private static void privateVars(StringBuilder text, PrivateVars vars) {
        if (!vars.shardId().isNone()) {
            text.append(' ').append(SHARD_ID).append(' ').append(vars.shardId());
        }
        if (!vars.forgotten().isEmpty()) {
            StringJoiner forgotten = new StringJoiner(",", " " + FORGOTTEN + " ", "");
            vars.forgotten().forEach((id, untilMs) -> forgotten.add(id + ":" + untilMs));
            text.append(forgotten);
        }
        if (!vars.unconfirmed().isEmpty()) {
            StringJoiner unconfirmed = new StringJoiner(",", " " + UNCONFIRMED + " ", "");
            vars.unconfirmed().forEach(id -> unconfirmed.add(id.toString()));
            text.append(unconfirmed);
        }
        if (!vars.exports().isEmpty()) {
            StringJoiner exports = new StringJoiner(",", " " + EXPORTS + " ", "");
            vars.exports().forEach(export -> exports.add(TransferText.of(export)));
            text.append(exports);
        }
        if (!vars.imports().isEmpty()) {
            StringJoiner imports = new StringJoiner(",", " " + IMPORTS + " ", "");
            vars.imports().forEach(coming -> imports.add(TransferText.of(coming)));
            text.append(imports);
        }
    }

    /** One line without its end. */
    static void line(StringBuilder text, ClusterView view, NodeView node, boolean plaintextPorts) {
        NodeAddress address = node.address();
        boolean plaintext = plaintextPorts && address.plaintextPort() != 0;
        text.append(node.id()).append(' ').append(address.ip()).append(':');
        text.append(plaintext ? address.plaintextPort() : address.port());
        text.append('@').append(address.busPort());
        if (!address.hostname().isEmpty()) {
            text.append(',').append(address.hostname());
        }
        text.append(' ');
        flags(text, node.flags());
        text.append(' ').append(node.primaryId());
        text.append(' ').append(node.pingSentMs()).append(' ').append(node.pongReceivedMs());
        text.append(' ').append(Long.toUnsignedString(node.configEpoch()));
        text.append(node.linkConnected() ? " connected" : " disconnected");
        for (SlotRange range : node.slots().ranges()) {
            text.append(' ').append(range);
        }
        if (node.isMyself()) {
            openSlots(text, view);
        }
    }

    private static void flags(StringBuilder text, int flags) {
        int start = text.length();
        for (int i = 0; i < PRINTED_FLAGS.length; i++) {
            if (NodeFlags.has(flags, PRINTED_FLAGS[i])) {
                text.append(text.length() == start ? "" : ",").append(FLAG_NAMES[i]);
            }
        }
        if (text.length() == start) {
            text.append(NO_FLAGS);
        }
    }

    /** Open slots in slot order; a slot that is both migrating and importing shows as migrating, as Redis prints it. */
    private static void openSlots(StringBuilder text, ClusterView view) {
        int[] migrating = view.migratingSlots();
        int[] importing = view.importingSlots();
        int m = 0;
        int i = 0;
        while (m < migrating.length || i < importing.length) {
            boolean away =
                    i == importing.length || (m < migrating.length && migrating[m] <= importing[i]);
            int slot = away ? migrating[m] : importing[i];
            text.append(" [").append(slot).append(away ? "->-" : "-<-");
            text.append(
                    away
                            ? view.migratingTo(slot).id()
                            : view.importingFrom(slot).id());
            text.append(']');
            m += away ? 1 : 0;
            i += i < importing.length && importing[i] == slot ? 1 : 0;
        }
    }
}
