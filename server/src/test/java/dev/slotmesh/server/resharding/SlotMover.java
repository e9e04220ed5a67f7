package dev.slotmesh.server.resharding;

import dev.slotmesh.server.failover.Member;
import dev.slotmesh.server.failover.RealCluster;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Moves slots from one primary to another all the time, whatever becomes of the members meanwhile: runs of slots below a limit, to
 * targets drawn at random.
 */
final class SlotMover implements AutoCloseable {
    private static final int ID_LENGTH = 40;
    /** The fields of a line of CLUSTER NODES before the slots. */
    private static final int FIELDS = 8;

    private final RealCluster cluster;
    private final MoveOfSlots way;
    private final int slotLimit;
    private final SplittableRandom random;
    private final Map<String, Member> byId = new HashMap<>();
    private final Thread thread = new Thread(this::work, "slot-mover");
    private volatile boolean ended;
    /** Guarded by the monitor, as is the next. */
    private boolean held;

    private boolean atRest;
    private volatile Run run;
    private volatile Throwable failure;
    private volatile int moved;
    private volatile int failed;
    private volatile int interrupted;

    /** How a run of slots gets from one member to another. */
    interface MoveOfSlots {
        /**
         * Moves it and waits until that is done or has failed.
         *
         * @return whether the target has the slots now
         * @throws UncheckedIOException when a member is gone
         */
        boolean move(Run run);

        /** How many slots it may be given at once. */
        int longestRun();
    }

    /** A move: slots from first to last, both included. */
    record Run(End source, End target, int first, int last) {}

    /** A member with its node ID, for which it need not be asked when it may be gone. */
    record End(Member member, String id) {}

    private SlotMover(
            RealCluster cluster, MoveOfSlots way, int slotLimit, SplittableRandom random) {
        this.cluster = cluster;
        this.way = way;
        this.slotLimit = slotLimit;
        this.random = random;
    }

    /** Begins to move slots below the limit. */
    static SlotMover start(
            RealCluster cluster, MoveOfSlots way, int slotLimit, SplittableRandom random) {
        SlotMover mover = new SlotMover(cluster, way, slotLimit, random);
        cluster.members().forEach(member -> mover.byId.put(member.id(), member));
        mover.thread.start();
        return mover;
    }

    private void work() {
        try {
            while (!ended) {
                awaitPermission();
                try {
                    draw().ifPresent(this::move);
                } catch (UncheckedIOException memberIsGone) {
                    interrupted++;
                } finally {
                    run = null;
                }
            }
        } catch (RuntimeException | Error unexpected) {
            failure = unexpected;
        }
        synchronized (this) {
            atRest = true;
            notifyAll();
        }
    }

    private synchronized void awaitPermission() {
        atRest = true;
        notifyAll();
        while (held && !ended) {
            awaitNews();
        }
        atRest = false;
    }

    private void awaitNews() {
        try {
            wait();
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
    }

    /** Returns when no move is under way, and none begins before {@link #goOn}. */
    synchronized void hold() {
        held = true;
        while (!atRest && thread.isAlive()) {
            awaitNews();
        }
    }

    /** Ends {@link #hold}. */
    synchronized void goOn() {
        held = false;
        notifyAll();
    }

    private void move(Run next) {
        run = next;
        if (way.move(next)) {
            moved++;
        } else {
            failed++;
        }
    }

    /** A run of slots that have one owner, and another primary; empty while the member asked does not see such. */
    private Optional<Run> draw() {
        int first = random.nextInt(slotLimit);
        int wanted = random.nextInt(way.longestRun());
        List<Member> members = cluster.members();
        List<String> primaries = members.get(random.nextInt(members.size()))
                .ask("CLUSTER", "NODES")
                .lines()
                .filter(line -> line.contains("master") && !line.contains("fail"))
                .toList();
        for (String line : primaries) {
            int end = endOfRun(line, first);
            if (end >= first && primaries.size() > 1) {
                List<String> others =
                        primaries.stream().filter(other -> !other.equals(line)).toList();
                End target = end(others.get(random.nextInt(others.size())));
                int last = Math.min(Math.min(end, first + wanted), slotLimit - 1);
                return Optional.of(new Run(end(line), target, first, last));
            }
        }
        return Optional.empty();
    }

    private End end(String line) {
        String id = line.substring(0, ID_LENGTH);
        return new End(byId.get(id), id);
    }

    /** The last slot of the owner's range that has this slot, or -1. */
    private static int endOfRun(String line, int slot) {
        return Arrays.stream(line.split(" "))
                .skip(FIELDS)
                .filter(word -> !word.startsWith("["))
                .map(word -> word.split("-"))
                .filter(ends -> Integer.parseInt(ends[0]) <= slot)
                .mapToInt(ends -> Integer.parseInt(ends[ends.length - 1]))
                .filter(last -> last >= slot)
                .findFirst()
                .orElse(-1);
    }

    /** The move that is under way, if one is. */
    Optional<Run> run() {
        return Optional.ofNullable(run);
    }

    /** Whether moving has come to an end by a mistake, which {@link #end} tells. */
    boolean hasFailed() {
        return failure != null;
    }

    /** How many moves have succeeded so far. */
    int moved() {
        return moved;
    }

    /** Ends moving; returns when the last move has ended. */
    void end() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("moving failed", failure);
        }
    }

    @Override
    public String toString() {
        return moved + " moves succeeded, " + failed + " failed, " + interrupted
                + " met a member that was gone";
    }

    @Override
    public void close() {
        end();
    }
}
