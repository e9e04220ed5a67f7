package dev.slotmesh.server.migration;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.ReplicationDirectives;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** How a job gets to its target, and says who it is. */
final class TargetAddress {
    private static final int CONNECT_MS = 5_000;
    private static final int HANDSHAKE_MS = 60_000;

    private TargetAddress() {}

    static ExportLink connect(MigrationParts parts, NodeId target)
            throws IOException, MigrationFailure {
        NodeView node = parts.cluster().view().node(target);
        if (node == null || node.address().ip().isEmpty()) {
            throw new MigrationFailure("the target's address is not known");
        }
        String source = parts.configuration().get(NetworkDirectives.BIND_SOURCE_ADDR);
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getByName(node.address().ip()), node.address().port());
        try {
            return ExportLink.open(
                    address, source.isEmpty() ? null : InetAddress.getByName(source), CONNECT_MS);
        } catch (IOException failure) {
            throw new MigrationFailure(
                    "can't connect to the target: " + failure.getMessage(), failure);
        }
    }

    /** Authenticates as a replica would, and names the job and its slots. */
    static void introduce(ExportLink link, MigrationParts parts, MigrationRecord record)
            throws IOException, MigrationFailure {
        String password = parts.configuration().get(ReplicationDirectives.MASTERAUTH);
        if (!password.isEmpty()) {
            String user = parts.configuration().get(ReplicationDirectives.MASTERUSER);
            if (user.isEmpty()) {
                link.send("AUTH", password);
            } else {
                link.send("AUTH", user, password);
            }
            requireOk(link);
        }
        List<String> establish = new ArrayList<>(List.of(
                "CLUSTER",
                "SYNCSLOTS",
                "ESTABLISH",
                "SOURCE",
                record.source().toString(),
                "NAME",
                record.name(),
                "SLOTSRANGE"));
        establish.addAll(SlotRanges.write(record.slots()));
        link.send(establish.toArray(String[]::new));
        requireOk(link);
        record.acknowledged();
    }

    private static void requireOk(ExportLink link) throws IOException, MigrationFailure {
        String answer = link.readLine(HANDSHAKE_MS);
        if (answer == null) {
            throw new MigrationFailure("the target did not answer in time");
        }
        if (!answer.equals("+OK")) {
            throw new MigrationFailure("Received error during handshake to target: " + answer);
        }
    }
}
