package dev.slotmesh.server.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * Transactions over the commands of other groups: watched keys, own changes, mistakes of every kind while queueing and
 * executing. Each ends inside its lines, so that the next command is outside again.
 */
final class TransactionGroup implements CommandGroup {
    private static final List<CommandGroup> INNER =
            List.of(new StringGroup(), new BitmapGroup(), new KeyGroup());
    private static final int MOST_QUEUED = 6;

    @Override
    public List<Line> next(Words words) {
        List<Line> lines = new ArrayList<>();
        if (words.onceIn(3)) {
            lines.add(new LineBuilder(words, "WATCH").addAll(words.keys(3)).line());
            if (words.onceIn(3)) {
                addInner(lines, words);
            }
            if (words.onceIn(6)) {
                lines.add(Line.of("UNWATCH"));
            }
        }
        boolean begun = !words.onceIn(20);
        if (begun) {
            lines.add(Line.of("MULTI"));
        }
        int queued = words.below(MOST_QUEUED);
        for (int i = 0; i < queued; i++) {
            addInner(lines, words);
        }
        if (words.onceIn(8)) {
            Line mistake = mistake(words);
            // Outside a transaction it is no mistake, but the end of both servers.
            if (begun || !mistake.name().equals("SHUTDOWN")) {
                lines.add(mistake);
            }
        }
        if (words.onceIn(10)) {
            lines.add(Line.of(words.pick("UNWATCH", "DISCARD", "RESET")));
        }
        lines.add(Line.of(words.onceIn(12) ? "DISCARD" : words.option("EXEC")));
        return lines;
    }

    /** Lines whose replies are compared byte for byte, also as elements of another reply. */
    private static void addInner(List<Line> lines, Words words) {
        for (Line line : words.pick(INNER).next(words)) {
            Line added = words.onceIn(20) ? words.spoilt(line) : line;
            if (ReplyRule.of(added) == ReplyRule.EXACT) {
                lines.add(added);
            }
        }
    }

    private static Line mistake(Words words) {
        return words.pick(List.of(
                Line.of("MULTI"),
                Line.of("WATCH", words.key()),
                Line.of("NOSUCHCOMMAND", words.key()),
                Line.of("GET"),
                Line.of("EXEC", "now"),
                Line.of("DISCARD", "now"),
                Line.of("OBJECT", "NOSUCHSUBCOMMAND", words.key()),
                Line.of("CLIENT", "NOSUCHSUBCOMMAND"),
                Line.of("SHUTDOWN", "NOSAVE")));
    }
}
