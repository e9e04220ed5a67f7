package dev.slotmesh.server.differential;

import dev.slotmesh.resp.Reply;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How two replies to one line are compared. Everything is {@link #EXACT} but what {@link #of} lists here; an error is exact
 * whatever the command.
 */
enum ReplyRule {
    /** The same bytes. */
    EXACT {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return ReplyBytes.encode(ours).equals(ReplyBytes.encode(theirs));
        }
    },

    /** The same elements in any order: KEYS, whose order is that of each server's tables. */
    SAME_ELEMENTS {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            Optional<List<String>> left = elements(ours);
            return left.isPresent() && left.equals(elements(theirs));
        }
    },

    /** The same cursor, and the same keys in any order: a SCAN of everything in one step. */
    SCAN {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return ours instanceof Reply.Array left
                    && theirs instanceof Reply.Array right
                    && left.elements().size() == 2
                    && right.elements().size() == 2
                    && EXACT.holds(left.elements().get(0), right.elements().get(0))
                    && SAME_ELEMENTS.holds(
                            left.elements().get(1), right.elements().get(1));
        }
    },

    /** Seconds that differ by no more than the time between the two commands: TTL, EXPIRETIME. */
    NEAR_SECONDS {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return near(ours, theirs, TOLERANCE_SECONDS);
        }
    },

    /** Milliseconds that differ by no more than that: PTTL, PEXPIRETIME. */
    NEAR_MS {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return near(ours, theirs, 1000 * TOLERANCE_SECONDS);
        }
    },

    /**
     * The same type of reply, null included: RANDOMKEY is random; MEMORY USAGE depends on the memory's layout; OBJECT REFCOUNT
     * and IDLETIME depend on whether Redis happens to share an integer between keys (SET does, COPY does not).
     */
    SAME_FORM {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return ours.getClass() == theirs.getClass()
                    && (!(ours instanceof Reply.Null) || EXACT.holds(ours, theirs));
        }
    };

    private static final long TOLERANCE_SECONDS = 10;

    /** The list of what cannot be equal. */
    static ReplyRule of(Line line) {
        return switch (line.name()) {
            case "KEYS" -> SAME_ELEMENTS;
            case "SCAN" -> SCAN;
            case "RANDOMKEY" -> SAME_FORM;
            case "TTL", "EXPIRETIME" -> NEAR_SECONDS;
            case "PTTL", "PEXPIRETIME" -> NEAR_MS;
            case "OBJECT" ->
                switch (line.subcommand()) {
                    case "IDLETIME", "REFCOUNT" -> SAME_FORM;
                    default -> EXACT;
                };
            case "MEMORY" -> line.subcommand().equals("USAGE") ? SAME_FORM : EXACT;
            default -> EXACT;
        };
    }

    /** Whether two replies as they were sent agree. */
    final boolean agree(String ours, String theirs) {
        if (ours.equals(theirs)) {
            return true;
        }
        boolean anError = ours.startsWith("-") || theirs.startsWith("-");
        return this != EXACT
                && !anError
                && holds(ReplyBytes.decode(ours), ReplyBytes.decode(theirs));
    }

    abstract boolean holds(Reply ours, Reply theirs);

    /** Negative numbers mean something (no key, no deadline) and are never near another. */
    private static boolean near(Reply ours, Reply theirs, long tolerance) {
        if (ours instanceof Reply.Integer left && theirs instanceof Reply.Integer right) {
            boolean exact = left.value() < 0 || right.value() < 0;
            return Math.abs(left.value() - right.value()) <= (exact ? 0 : tolerance);
        }
        return EXACT.holds(ours, theirs);
    }

    private static Optional<List<String>> elements(Reply reply) {
        return reply instanceof Reply.Array array
                ? Optional.of(array.elements().stream()
                        .map(ReplyBytes::encode)
                        .sorted(Comparator.naturalOrder())
                        .toList())
                : Optional.empty();
    }
}
