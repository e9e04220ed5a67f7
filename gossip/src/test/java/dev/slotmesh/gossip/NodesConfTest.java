package dev.slotmesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cluster bus facts, sections 16 and 17.1: nodes.conf and CLUSTER NODES. */
class NodesConfTest {
    /** The example of the spec, with the order Slotmesh writes: itself first. */
    private static final String EXAMPLE = """
            406c817a764ff1f48103d02d9609fef2449bc845 127.0.0.1:7001@17001,n1.test myself,master - 0 0 1 connected 0-5460 10923-16383 [100->-4da0091510db6ea1d53b53979fc40310c4c55a06] [6000-<-4da0091510db6ea1d53b53979fc40310c4c55a06]
            48749453ca49e5f4c63e10fbe2a67a5f1a002f96 127.0.0.1:7003@17003 slave 406c817a764ff1f48103d02d9609fef2449bc845 0 1700000000000 1 connected
            4da0091510db6ea1d53b53979fc40310c4c55a06 127.0.0.1:7002@17002 master - 0 1700000000000 0 connected 5461-10922
            vars currentEpoch 1 lastVoteEpoch 0
            """;

    private static final String MYSELF =
            Bench.ME + " 10.0.0.5:7000@17000 myself,master - 0 0 0 connected";

    @Test
    void shouldWriteWhatItRead() {
        NodeAddress announced = new NodeAddress("", 7001, 0, 17001, "n1.test");
        Bench bench = Bench.with(GossipSettings.defaults(announced), EXAMPLE.split("\n"));

        bench.gossip.operator().saveConfig(bench.nowMs);

        assertThat(bench.saved).isEqualTo(EXAMPLE);
        assertThat(bench.effects).contains("save fsync");
    }

    /** "missing or zero-length file: new node: random id, flags myself,master; saved + fsynced at once". */
    @Test
    void shouldSaveNewNodeAtOnce() {
        Bench bench = new Bench();
        ClusterConfiguration fresh = ClusterConfiguration.newNode(new SplittableRandom(1));
        bench.gossip = new Gossip(Bench.settings(), fresh, new SplittableRandom(2), bench);

        bench.gossip.start(bench.nowMs);

        assertThat(bench.effects).startsWith("save fsync", "view");
        assertThat(bench.saved)
                .matches("[0-9a-f]{40} :7000@17000 myself,master - 0 0 0 connected\n"
                        + "vars currentEpoch 0 lastVoteEpoch 0\n");
    }

    /** "empty lines skipped", "vars (any position)", "unknown names: warning, skipped". */
    @Test
    void shouldReadVarsAnywhereAndSkipUnknownOnes() {
        ClusterConfiguration read =
                loaded("\nvars lastVoteEpoch 3 shardHint 9 currentEpoch 18446744073709551615\n\n"
                        + MYSELF);

        assertThat(read.currentEpoch()).isEqualTo(-1L);
        assertThat(read.lastVoteEpoch()).isEqualTo(3);
    }

    /** Names only this kind of node writes; Redis 7.0 skips them with a warning each. */
    @Test
    void shouldKeepPrivateVars() {
        String vars = "vars currentEpoch 5 lastVoteEpoch 2 slotmesh-shard-id " + Bench.id(6)
                + " slotmesh-forgotten " + Bench.id(1) + ":1700000060000," + Bench.id(2)
                + ":1700000009000\n";
        Bench bench = Bench.with(Bench.mine(), vars);

        bench.gossip.operator().saveConfig(bench.nowMs);

        assertThat(bench.saved).endsWith("\n" + vars);
    }

    /** "last : splits ip and port; @bus optional (default port + 10000)". */
    @Test
    void shouldReadIpv6AndAddressWithoutBusPort() {
        ClusterConfiguration read =
                loaded(MYSELF + "\n" + Bench.id(1) + " fe80::1:7001 master - 0 0 0 connected");

        assertThat(read.nodes().get(1).address())
                .isEqualTo(new NodeAddress("fe80::1", 7001, 0, 17001, ""));
    }

    /** Section 22: "7.2: aux fields ,hostname,shard-id=..,nodename=..". */
    @Test
    void shouldReadLinesOfLaterVersions() {
        ClusterConfiguration read = loaded(MYSELF
                + "\n" + Bench.id(1) + " 10.0.0.1:7001@17001,h.test,shard-id=" + Bench.id(7)
                + " master - 0 0 0 connected"
                + "\n" + Bench.id(2) + " 10.0.0.2:7001@17001,,tls-port=0,shard-id=" + Bench.id(7)
                + " master - 0 0 0 connected");

        assertThat(read.nodes().get(1).address().hostname()).isEqualTo("h.test");
        assertThat(read.nodes().get(2).address().hostname()).isEmpty();
    }

    /** "split on spaces with quoting". */
    @Test
    void shouldReadQuotedFields() {
        ClusterConfiguration read = loaded(MYSELF.replace("connected", "\"connected\"") + " '7'");

        assertThat(read.myself().slots().get(7)).isTrue();
    }

    /** "fail: fail_time = now"; "any non-zero value becomes now, zero stays 0"; "replica with primary: 0; else value". */
    @Test
    void shouldRestoreFlagsTimesAndEpochs() {
        Bench bench = Bench.with(
                Bench.mine(),
                "n1 10.0.0.1:7000@17000 master,fail - 99 0 7 connected",
                "n2 10.0.0.2:7000@17000 slave,nofailover n1 0 99 7 connected");

        NodeView first = bench.entry(Bench.id(1));
        NodeView second = bench.entry(Bench.id(2));
        assertThat(first.isFail()).isTrue();
        assertThat(first.pingSentMs()).isEqualTo(bench.nowMs);
        assertThat(first.pongReceivedMs()).isZero();
        assertThat(second.pongReceivedMs()).isEqualTo(bench.nowMs);
        assertThat(second.configEpoch()).isEqualTo(7);
        assertThat(second.flags()).isEqualTo(NodeFlags.REPLICA | NodeFlags.NOFAILOVER);
    }

    /** "- or id; created as stub if not seen yet". */
    @Test
    void shouldMakeStubOfPrimaryWithoutLine() {
        Bench bench = Bench.with(Bench.mine(), "n2 10.0.0.2:7000@17000 slave n1 0 0 0 connected");

        assertThat(bench.view.node(Bench.id(2)).primaryId()).isEqualTo(Bench.id(1));
        assertThat(bench.gossip.nodesText(false))
                .contains(Bench.id(1) + " :0@0 noflags - 0 0 0 disconnected\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vars currentEpoch 1",
                "abc 10.0.0.1:1@2 myself,master - 0 0 0 connected",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0",
                "ID 10.0.0.1:1@2 myself,king - 0 0 0 connected",
                "ID 10.0.0.1:1@99999 myself,master - 0 0 0 connected",
                "ID 10.0.0.1 myself,master - 0 0 0 connected",
                "ID a b:1@2 myself,master - 0 0 0 connected",
                "ID 10.0.0.1:1@2 myself,master - 0 0 x connected",
                "ID 10.0.0.1:1@2 myself,master nobody 0 0 0 connected",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected 16384",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected 5-4",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected -4",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected [5->-short]",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected [5",
                "ID 10.0.0.1:1@2 master - 0 0 0 connected",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars currentEpoch",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-shard-id 5",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-forgotten ID",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-forgotten 5:5",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-forgotten ID:5,",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-imports ID:ID",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-imports ID:ID:5-4",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-imports ID:ID:5+",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-exports ID:ID:5",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nvars slotmesh-exports ID:ID:x:5",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected \"5",
                "ID 10.0.0.1:1@2 myself,master - 0 0 0 connected\nID 10.0.0.1:1@2 master - 0 0 0 connected"
            })
    void shouldCallDamagedTextCorrupt(String text) {
        NodesConf.Parsed parsed = NodesConf.parse(text.replace("ID", Bench.ME.toString()));

        assertThat(parsed).isInstanceOf(NodesConf.Parsed.Corrupt.class);
        assertThat(((NodesConf.Parsed.Corrupt) parsed).reason()).isNotBlank();
    }

    /** Every prefix of a file is either readable or named corrupt; none throws. */
    @Test
    void shouldJudgeEveryCutOfFile() {
        for (int length = 0; length <= EXAMPLE.length(); length++) {
            assertThat(NodesConf.parse(EXAMPLE.substring(0, length))).isNotNull();
        }
    }

    /** 17.1: "ip empty if unknown; NOADDR node: :0@0"; "primary: id or -". */
    @Test
    void shouldShowPlaintextPortWhereAskedFor() {
        NodeAddress announced = new NodeAddress("", 7443, 7000, 17443, "");
        Bench bench = Bench.with(GossipSettings.defaults(announced), MYSELF);

        assertThat(bench.gossip.nodesText(false))
                .startsWith(Bench.ME + " 10.0.0.5:7443@17443 myself,master - ");
        assertThat(bench.gossip.nodesText(true))
                .startsWith(Bench.ME + " 10.0.0.5:7000@17443 myself,master - ");
        assertThat(bench.gossip.nodeLine(bench.view.myself(), false)).doesNotEndWith("\n");
    }

    private static ClusterConfiguration loaded(String text) {
        NodesConf.Parsed parsed = NodesConf.parse(text);
        assertThat(parsed).isInstanceOf(NodesConf.Parsed.Loaded.class);
        ClusterConfiguration configuration = ((NodesConf.Parsed.Loaded) parsed).configuration();
        assertThat(configuration.myself().id()).isNotEqualTo(NodeId.NONE);
        return configuration;
    }
}
