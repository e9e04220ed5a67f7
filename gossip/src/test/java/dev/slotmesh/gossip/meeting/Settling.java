package dev.slotmesh.gossip.meeting;

import java.util.List;

/**
 * What becomes of a world when the network behaves from now on: everything arrives at once and in order, and time goes on from tick to
 * tick.
 */
final class Settling {
    /** Enough for a handshake to expire, a MEET to be repeated, that one to be missed, and the next. */
    private static final long LIMIT_MS = 8 * Scenario.NODE_TIMEOUT_MS;
    /** For this long a settled world is watched. */
    private static final long WATCHED_MS = 3 * Scenario.NODE_TIMEOUT_MS;
    /** More arrivals than this without a tick mean that two nodes answer each other for ever. */
    private static final int MAX_ARRIVALS = 2_000;

    private final World world;

    Settling(World world) {
        this.world = world;
    }

    /** Lets everything come to its end. What is wrong, or null. */
    String settle() {
        long endMs = world.nowMs + LIMIT_MS;
        while (world.meetsDone < world.meetsDue) {
            world.apply(Choice.of(Choice.Kind.MEET));
        }
        String open = "";
        while (open != null && world.nowMs < endMs) {
            String broken = turn();
            if (broken != null) {
                return broken;
            }
            open = Properties.unsettled(world);
        }
        return open == null ? null : "after " + LIMIT_MS + " ms of a healthy network " + open;
    }

    /** Sees to it that a settled world stays as it is. What is wrong, or null. */
    String stays() {
        long endMs = world.nowMs + WATCHED_MS;
        while (world.nowMs < endMs) {
            String broken = turn();
            if (broken == null) {
                broken = Properties.unsettled(world);
            }
            if (broken != null) {
                return "settled, and then: " + broken;
            }
        }
        return null;
    }

    /** Everything under way arrives, then a node ticks, and what that sent arrives. */
    private String turn() {
        Properties before = new Properties(world);
        arrivals();
        world.tickOnce();
        arrivals();
        return before.broken();
    }

    private void arrivals() {
        for (int i = 0; world.busy(); i++) {
            if (i == MAX_ARRIVALS) {
                throw new AssertionError("messages without end");
            }
            world.apply(nextArrival(world.choices()));
        }
    }

    /** Choices begin with a MEET that is due, which there is none of, and arrivals. */
    private static Choice nextArrival(List<Choice> choices) {
        return choices.get(0);
    }
}
