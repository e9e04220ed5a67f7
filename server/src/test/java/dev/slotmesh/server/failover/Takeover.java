package dev.slotmesh.server.failover;

import dev.slotmesh.server.oracle.RespConnection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a shard was without a primary after a fault.
 *
 * @param promotedMs until its replica called itself a primary
 * @param servedMs until the new primary took a write, and all other members that are left found the cluster in order and sent
 *     clients of the shard to it
 * @param lastLostMs until the last write that the lost primary acknowledged to a client on its side; not positive unless it was
 *     cut off
 */
record Takeover(double promotedMs, double servedMs, double lastLostMs) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double NANOS_PER_MS = 1e6;

    /** Lets a fault happen to the primary of a shard and waits until its replica has taken over. */
    static Takeover after(Fault fault, RealCluster cluster, int shard) {
        if (fault != Fault.CUT) {
            return observed(fault, cluster, shard);
        }
        Member lost = cluster.primary(shard);
        try (AcknowledgedWrites writes = AcknowledgedWrites.to(lost, RealCluster.key(shard, 0))) {
            long began = System.nanoTime();
            Takeover takeover = observed(fault, cluster, shard);
            cluster.await(
                    "a cut off primary that gives up",
                    () -> lost.ask("CLUSTER", "INFO").contains("cluster_state:fail"));
            double lastMs = (writes.lastNanos() - began) / NANOS_PER_MS;
            return new Takeover(takeover.promotedMs, takeover.servedMs, lastMs);
        }
    }

    private static Takeover observed(Fault fault, RealCluster cluster, int shard) {
        Member lost = cluster.primary(shard);
        Member heir = cluster.replica(shard);
        Map<Member, RespConnection> left = new HashMap<>();
        try {
            for (Member member : cluster.members()) {
                if (member != lost) {
                    left.put(member, member.connect());
                }
            }
            long began = System.nanoTime();
            fault.strike(cluster, lost);
            double promotedMs = promoted(left.get(heir), began);
            cluster.promoted(heir);
            double servedMs = served(left, cluster, shard, began);
            return new Takeover(promotedMs, servedMs, 0);
        } finally {
            left.values().forEach(RespConnection::close);
        }
    }

    private static double promoted(RespConnection heir, long began) {
        while (!heir.call("ROLE").startsWith("*3\r\n$6\r\nmaster")) {
            pause(began, "the replica is never promoted");
        }
        return (System.nanoTime() - began) / NANOS_PER_MS;
    }

    private static double served(
            Map<Member, RespConnection> left, RealCluster cluster, int shard, long began) {
        Member heir = cluster.replica(shard);
        List<Member> unaware = new ArrayList<>(left.keySet());
        String key = RealCluster.key(shard, 0);
        String moved = " " + cluster.address(heir) + "\r\n";
        while (true) {
            unaware.removeIf(member -> {
                String reply = left.get(member).call("SET", key, "served");
                return member == heir
                        ? reply.equals("+OK\r\n")
                        : reply.startsWith("-MOVED ") && reply.endsWith(moved);
            });
            if (unaware.isEmpty()) {
                return (System.nanoTime() - began) / NANOS_PER_MS;
            }
            pause(began, unaware + " never learn of " + heir);
        }
    }

    private static void pause(long began, String otherwise) {
        if (System.nanoTime() - began > PATIENCE_NANOS) {
            throw new AssertionError(otherwise);
        }
        LockSupport.parkNanos(POLL_NANOS);
    }

    @Override
    public String toString() {
        String text = String.format(
                Locale.ROOT, "promoted after %.0f ms, served after %.0f ms", promotedMs, servedMs);
        return lastLostMs > 0
                ? text
                        + String.format(
                                Locale.ROOT, ", lost writes acknowledged for %.0f ms", lastLostMs)
                : text;
    }
}
