package dev.slotmesh.server.failover;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Measures how long a shard is without a primary, by {@code -Dslotmesh.failover.rounds=10}: for each fault so many rounds, in
 * each of them once all lineups one after the other, and prints a table with every round. Kills and stops happen on the
 * loopback, cuts in network namespaces. Checks nothing but that replicas take over; the figures are in docs/gossip.md.
 */
@EnabledIfSystemProperty(named = "slotmesh.failover.rounds", matches = "\\d+")
final class FailoverTimesTest {
    private static final long NODE_TIMEOUT_MS = Long.getLong("slotmesh.failover.timeout", 5000);

    @Test
    void shouldTakeOverInTime() {
        List<Lineup> lineups = BesideRedisTest.lineups().toList();
        int rounds = Integer.getInteger("slotmesh.failover.rounds");
        for (Fault fault : Fault.values()) {
            Map<Lineup, List<Takeover>> takeovers = measure(fault, lineups, rounds);
            print(fault, "promoted", takeovers, Takeover::promotedMs);
            print(fault, "served", takeovers, Takeover::servedMs);
            if (fault == Fault.CUT) {
                print(fault, "last lost write", takeovers, Takeover::lastLostMs);
            }
        }
    }

    private static Map<Lineup, List<Takeover>> measure(
            Fault fault, List<Lineup> lineups, int rounds) {
        Map<Lineup, List<Takeover>> takeovers = new EnumMap<>(Lineup.class);
        Map<Lineup, RealCluster> clusters = new EnumMap<>(Lineup.class);
        try {
            for (Lineup lineup : lineups) {
                Network network = fault == Fault.CUT ? Network.best() : new Loopback("chosen");
                clusters.put(lineup, RealCluster.form(lineup, network, NODE_TIMEOUT_MS));
                takeovers.put(lineup, new ArrayList<>());
            }
            for (int round = 0; round < rounds; round++) {
                int shard = round % RealCluster.SHARDS;
                for (Lineup lineup : lineups) {
                    RealCluster cluster = clusters.get(lineup);
                    Takeover takeover = Takeover.after(fault, cluster, shard);
                    System.out.printf("%s, %s, round %d: %s%n", fault, lineup, round + 1, takeover);
                    takeovers.get(lineup).add(takeover);
                    fault.undo(cluster, cluster.primary(shard));
                    cluster.restoreRoles();
                }
            }
            return takeovers;
        } finally {
            clusters.values().forEach(RealCluster::close);
        }
    }

    private static void print(
            Fault fault,
            String what,
            Map<Lineup, List<Takeover>> takeovers,
            ToDoubleFunction<Takeover> figure) {
        System.out.printf("%n%s to %s, ms, T = %d%n", fault, what, NODE_TIMEOUT_MS);
        takeovers.forEach((lineup, each) -> {
            double[] sorted = each.stream().mapToDouble(figure).sorted().toArray();
            String all = each.stream()
                    .map(one -> String.format(Locale.ROOT, "%.0f", figure.applyAsDouble(one)))
                    .collect(Collectors.joining(" "));
            System.out.printf(
                    Locale.ROOT,
                    "| %-18s | worst %5.0f | median %5.0f | %s |%n",
                    lineup,
                    sorted[sorted.length - 1],
                    sorted[sorted.length / 2],
                    all);
        });
    }
}
