package dev.slotmesh.server.differential;

import dev.slotmesh.resp.Reply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Replies about consumer groups, equal but for the times in them: what follows "idle" and "seen-time", the third of an ID, a
 * consumer and two numbers, the second of an ID and two numbers.
 */
final class StreamTimes {
    private StreamTimes() {}

    static boolean agree(Reply ours, Reply theirs, long toleranceMs) {
        List<Reply> left = parts(ours);
        List<Reply> right = parts(theirs);
        if (ours.getClass() != theirs.getClass() || left.size() != right.size()) {
            return false;
        }
        if (left.isEmpty()) {
            return ReplyRule.EXACT.holds(ours, theirs);
        }
        int time = timeOf(left);
        for (int i = 0; i < left.size(); i++) {
            boolean near = i == time || (i > 0 && namesATime(left.get(i - 1)));
            if (!(near && near(left.get(i), right.get(i), toleranceMs))
                    && !agree(left.get(i), right.get(i), toleranceMs)) {
                return false;
            }
        }
        return true;
    }

    private static List<Reply> parts(Reply reply) {
        if (reply instanceof Reply.Map map) {
            List<Reply> parts = new ArrayList<>();
            map.pairs().forEach(pair -> {
                parts.add(pair.key());
                parts.add(pair.value());
            });
            return parts;
        }
        return reply instanceof Reply.Array array ? array.elements() : List.of();
    }

    private static int timeOf(List<Reply> parts) {
        int count = parts.size();
        boolean delivery = (count == 3 || count == 4)
                && parts.get(count - 1) instanceof Reply.Integer
                && parts.get(count - 2) instanceof Reply.Integer;
        return delivery ? count - 2 : -1;
    }

    private static boolean namesATime(Reply reply) {
        return reply instanceof Reply.Bulk bulk
                && List.of("idle", "seen-time")
                        .contains(new String(bulk.bytes(), StandardCharsets.ISO_8859_1));
    }

    private static boolean near(Reply ours, Reply theirs, long toleranceMs) {
        return ours instanceof Reply.Integer left
                && theirs instanceof Reply.Integer right
                && Math.abs(left.value() - right.value()) <= toleranceMs;
    }
}
