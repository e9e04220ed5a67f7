package dev.slotmesh.server.cluster;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.Effects;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.GossipSettings;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.NodeAddress;
import dev.slotmesh.gossip.NodesConf;
import dev.slotmesh.gossip.Notice;

import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Views as the gossip machine makes them of a nodes.conf, without any socket. */
final class Views {
    /** The rejoin delay of a primary and the ticks around it. */
    private static final long UNTIL_STABLE_MS = 6_000;

    private static final long TICK_MS = 100;

    private Views() {}

    /**
     * The view of a node that started from these lines and ran until its state settled.
     *
     * @param requireFullCoverage with false and slots missing the state is ok all the same
     */
    static ClusterView of(String nodesConf, boolean requireFullCoverage) {
        NodesConf.Parsed.Loaded loaded = (NodesConf.Parsed.Loaded)
                NodesConf.parse(nodesConf + "vars currentEpoch 9 lastVoteEpoch 0\n");
        GossipSettings settings = GossipSettings.defaults(NodeAddress.ofPorts(7001, 17001))
                .withRequireFullCoverage(requireFullCoverage);
        Gossip gossip = new Gossip(
                settings, loaded.configuration(), new SplittableRandom(1), new NoEffects());
        gossip.start(0);
        for (long nowMs = TICK_MS; nowMs <= UNTIL_STABLE_MS; nowMs += TICK_MS) {
            gossip.tick(nowMs);
        }
        return gossip.describe();
    }

    private static final class NoEffects implements Effects {
        @Override
        public void saveConfiguration(Supplier<String> text, boolean fsync) {}

        @Override
        public void publishView(ClusterView view) {}

        @Override
        public void send(LinkId link, BusMessage message) {}

        @Override
        public void openLink(LinkId link, BusAddress address) {}

        @Override
        public void closeLink(LinkId link) {}

        @Override
        public void probe(NodeId node, String ip, int clientPort) {}

        @Override
        public void deleteSlotKeys(SlotSet slots) {}

        @Override
        public void leaveShardChannels(SlotSet slots) {}

        @Override
        public void replicate(NodeId primary, String ip, int port) {}

        @Override
        public void promote() {}

        @Override
        public void pauseWrites(long mostMs) {}

        @Override
        public void resumeWrites() {}

        @Override
        public void deleteAllKeys() {}

        @Override
        public void deliver(BusMessage.Publish publish) {}

        @Override
        public void notice(Notice notice) {}
    }
}
