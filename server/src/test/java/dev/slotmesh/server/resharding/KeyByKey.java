package dev.slotmesh.server.resharding;

import dev.slotmesh.server.failover.Member;
import dev.slotmesh.server.failover.RealCluster;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.resharding.SlotMover.Run;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * CLUSTER SETSLOT and MIGRATE, as redis-cli does it, slot by slot. What is refused is tried again until it works, as an operator
 * would: a target whose replica is gone says that it stored a key but cannot confirm it. REPLACE is right then, since nobody but
 * MIGRATE can have put a key there that is still here.
 */
final class KeyByKey implements SlotMover.MoveOfSlots {
    private static final String BATCH = "20";
    private static final int LONGEST_RUN = 10;
    private static final String OK = "+OK\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RealCluster cluster;

    KeyByKey(RealCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public int longestRun() {
        return LONGEST_RUN;
    }

    @Override
    public boolean move(Run run) {
        for (int slot = run.first(); slot <= run.last(); slot++) {
            move(run, "" + slot);
        }
        return true;
    }

    private void move(Run run, String slot) {
        Member source = run.source().member();
        Member target = run.target().member();
        String targetId = run.target().id();
        insist(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", run.source().id());
        insist(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
        try (RespConnection client = source.connect()) {
            long began = System.nanoTime();
            List<String> keys = keys(client, slot);
            while (!keys.isEmpty()) {
                migrate(client, target, keys);
                keys = keys(client, slot);
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new AssertionError(run + ": " + keys + " of slot " + slot + " stay");
                }
            }
        }
        insist(target, "CLUSTER", "SETSLOT", slot, "NODE", targetId);
        insist(source, "CLUSTER", "SETSLOT", slot, "NODE", targetId);
        for (Member other : cluster.members()) {
            if (other != source && other != target) {
                tell(other, slot, targetId);
            }
        }
    }

    private static List<String> keys(RespConnection client, String slot) {
        String[] lines = client.call("CLUSTER", "GETKEYSINSLOT", slot, BATCH).split("\r\n");
        List<String> keys = new ArrayList<>();
        for (int i = 2; i < lines.length; i += 2) {
            keys.add(lines[i]);
        }
        return keys;
    }

    private static void migrate(RespConnection client, Member target, List<String> keys) {
        List<String> words = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", "" + target.port()));
        words.addAll(List.of("", "0", "5000", "REPLACE", "KEYS"));
        words.addAll(keys);
        client.call(words.toArray(String[]::new));
    }

    private static void insist(Member member, String... words) {
        long began = System.nanoTime();
        String reply = member.ask(words);
        while (!reply.equals(OK)) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new AssertionError(member + ": " + String.join(" ", words) + ": " + reply);
            }
            reply = member.ask(words);
        }
    }

    /** Replicas refuse it, and who is gone hears of it later from the others. */
    private static void tell(Member other, String slot, String owner) {
        try {
            other.ask("CLUSTER", "SETSLOT", slot, "NODE", owner);
        } catch (UncheckedIOException gone) {
            // Its own table is brought up to date by gossip.
        }
    }
}
