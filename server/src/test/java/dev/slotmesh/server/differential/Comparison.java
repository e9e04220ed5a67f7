package dev.slotmesh.server.differential;

import dev.slotmesh.server.oracle.RespConnection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A run of random lines, each sent to both servers, up to the first replies that disagree. They go in batches, since the
 * waiting for single replies would take most of the time. The same seed gives the same lines.
 */
final class Comparison {
    private static final int REMEMBERED_LINES = 20;
    private static final int SPOILT_ONE_IN = 40;
    private static final int PIPELINED_LINES = 32;
    private static final int LONGEST_SHOWN = 2000;

    private final RespConnection ours;
    private final RespConnection theirs;
    private final long seed;
    private final List<CommandGroup> groups;
    private final Deque<String> before = new ArrayDeque<>();
    private int compared;

    Comparison(RespConnection ours, RespConnection theirs, long seed, List<CommandGroup> groups) {
        this.ours = ours;
        this.theirs = theirs;
        this.seed = seed;
        this.groups = List.copyOf(groups);
    }

    /**
     * Sends {@code count} lines of the groups, evenly mixed.
     *
     * @throws AssertionError at the first disagreement, with the seed, the line, both replies and the 20 lines before
     */
    void run(int count) {
        Words words = new Words(new SplittableRandom(seed));
        while (compared < count) {
            List<Line> batch = new ArrayList<>();
            while (batch.size() < PIPELINED_LINES) {
                batch.addAll(next(words));
            }
            for (Line line : batch) {
                ours.sendCommand(line.toArray());
                theirs.sendCommand(line.toArray());
            }
            batch.forEach(this::compare);
        }
    }

    private List<Line> next(Words words) {
        List<Line> lines = words.pick(groups).next(words);
        return lines.size() == 1 && words.onceIn(SPOILT_ONE_IN)
                ? List.of(words.spoilt(lines.get(0)))
                : lines;
    }

    private void compare(Line line) {
        String left = ours.readReplyText();
        String right = theirs.readReplyText();
        if (!ReplyRule.of(line).agree(left, right)) {
            throw new AssertionError(report(line, left, right));
        }
        compared++;
        before.addLast(line + "  ->  " + shown(right));
        if (before.size() > REMEMBERED_LINES) {
            before.removeFirst();
        }
    }

    private String report(Line line, String left, String right) {
        return "seed " + seed + ", line " + compared + ": " + line
                + "\n  slotmesh: " + shown(left)
                + "\n  redis:    " + shown(right)
                + "\nthe lines before:\n  "
                + String.join("\n  ", before);
    }

    private static String shown(String reply) {
        String quoted = Line.quoted(reply);
        return quoted.length() <= LONGEST_SHOWN
                ? quoted
                : quoted.substring(0, LONGEST_SHOWN) + "... (" + reply.length() + " bytes)";
    }
}
