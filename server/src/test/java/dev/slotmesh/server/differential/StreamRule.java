package dev.slotmesh.server.differential;

import java.util.List;

/**
 * How two commands that two servers propagated are compared: equal, but for what is made of each server's own time, order or
 * chance.
 */
final class StreamRule {
    private static final long TOLERANCE_MS = 10_000;
    /** Numbers from here on may be milliseconds since 1970. */
    private static final long LEAST_TIME = 1_000_000_000_000L;

    private static final int MOST_TIME_DIGITS = 19;

    private StreamRule() {}

    static boolean agree(List<String> ours, List<String> theirs) {
        if (ours.equals(theirs)) {
            return true;
        }
        if (ours.size() != theirs.size()) {
            return false;
        }
        if (isPop(ours) && isPop(theirs)) {
            return ours.get(1).equals(theirs.get(1));
        }
        for (int i = 0; i < ours.size(); i++) {
            if (!ours.get(i).equals(theirs.get(i)) && !near(ours.get(i), theirs.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A member that SPOP has chosen; what clients send is hardly ever in upper case alone, with one member. */
    private static boolean isPop(List<String> command) {
        return command.get(0).equals("SREM") && command.size() == 3;
    }

    /** Times in milliseconds, and stream IDs made of them, whose second part counts within a millisecond. */
    private static boolean near(String ours, String theirs) {
        String left = ours.contains("-") ? ours.substring(0, ours.indexOf('-')) : ours;
        String right = theirs.contains("-") ? theirs.substring(0, theirs.indexOf('-')) : theirs;
        return isTime(left)
                && isTime(right)
                && Math.abs(Long.parseLong(left) - Long.parseLong(right)) <= TOLERANCE_MS;
    }

    private static boolean isTime(String text) {
        return !text.isEmpty()
                && text.length() < MOST_TIME_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(text) >= LEAST_TIME;
    }
}
