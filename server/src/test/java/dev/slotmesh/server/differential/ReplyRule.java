package dev.slotmesh.server.differential;

import dev.slotmesh.resp.Reply;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** The same elements in any order: KEYS and sets, whose order is that of each server's tables. */
    SAME_ELEMENTS {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            Optional<List<String>> left = elements(ours);
            return left.isPresent() && left.equals(elements(theirs));
        }
    },

    /** As many elements of whatever kind, in the same form: SPOP and SRANDMEMBER choose at random. */
    SAME_COUNT {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            Optional<List<String>> left = elements(ours);
            Optional<List<String>> right = elements(theirs);
            return left.isPresent() && right.isPresent()
                    ? left.get().size() == right.get().size()
                            && left.get().get(0).equals(right.get().get(0))
                    : SAME_FORM.holds(ours, theirs);
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

    /** The same fields with the same values in any order: HGETALL of a hash that is a table. */
    SAME_PAIRS {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            Optional<List<String>> left = pairs(ours);
            return left.isPresent() && left.equals(pairs(theirs));
        }
    },

    /** The same cursor, and the same pairs in any order: an HSCAN of everything in one step. */
    SCAN_OF_PAIRS {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return ours instanceof Reply.Array left
                    && theirs instanceof Reply.Array right
                    && left.elements().size() == 2
                    && right.elements().size() == 2
                    && EXACT.holds(left.elements().get(0), right.elements().get(0))
                    && SAME_PAIRS.holds(left.elements().get(1), right.elements().get(1));
        }
    },

    /** Arrays of as many elements, or both null or one element: what is picked at random. */
    SAME_SIZE {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return SAME_FORM.holds(ours, theirs)
                    && (!(ours instanceof Reply.Array left)
                            || !(theirs instanceof Reply.Array right)
                            || left.elements().size() == right.elements().size());
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
     * The same but for times: XPENDING, XINFO CONSUMERS and XINFO STREAM FULL tell when, or how long ago, something was
     * delivered or asked for.
     */
    STREAM_TIMES {
        @Override
        boolean holds(Reply ours, Reply theirs) {
            return StreamTimes.agree(ours, theirs, 1000 * TOLERANCE_SECONDS);
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
            case "SMEMBERS", "SINTER", "SUNION", "SDIFF" -> SAME_ELEMENTS;
            case "SPOP", "SRANDMEMBER" -> SAME_COUNT;
            case "SCAN", "SSCAN" -> SCAN;
            // Compression and the order of a table's elements are each server's own.
            case "RANDOMKEY", "DUMP" -> SAME_FORM;
            case "HGETALL" -> isOrdered(line) ? EXACT : SAME_PAIRS;
            case "HKEYS", "HVALS" -> isOrdered(line) ? EXACT : SAME_ELEMENTS;
            case "HSCAN" -> isOrdered(line) ? EXACT : SCAN_OF_PAIRS;
            case "ZSCAN" -> SCAN_OF_PAIRS;
            case "HRANDFIELD", "ZRANDMEMBER" -> SAME_SIZE;
            case "TTL", "EXPIRETIME" -> NEAR_SECONDS;
            case "PTTL", "PEXPIRETIME" -> NEAR_MS;
            case "OBJECT" ->
                switch (line.subcommand()) {
                    case "IDLETIME", "REFCOUNT" -> SAME_FORM;
                    default -> EXACT;
                };
            case "XADD" -> line.words().contains("*") ? SAME_FORM : EXACT;
            case "XPENDING", "XINFO" -> STREAM_TIMES;
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

    private static boolean isOrdered(Line line) {
        return line.words().size() > 1 && line.words().get(1).equals(HashGroup.ORDERED_KEY);
    }

    private static Optional<List<String>> pairs(Reply reply) {
        if (reply instanceof Reply.Map map) {
            return Optional.of(map.pairs().stream()
                    .map(entry -> ReplyBytes.encode(entry.key()) + ReplyBytes.encode(entry.value()))
                    .sorted()
                    .toList());
        }
        if (!(reply instanceof Reply.Array array) || array.elements().size() % 2 == 1) {
            return Optional.empty();
        }
        List<Reply> flat = array.elements();
        return Optional.of(IntStream.range(0, flat.size() / 2)
                .mapToObj(i ->
                        ReplyBytes.encode(flat.get(2 * i)) + ReplyBytes.encode(flat.get(2 * i + 1)))
                .sorted()
                .toList());
    }

    /** The name of the form, then the elements in order. */
    private static Optional<List<String>> elements(Reply reply) {
        if (reply instanceof Reply.Array array) {
            return Optional.of(elements("array", array.elements()));
        }
        return reply instanceof Reply.Set set
                ? Optional.of(elements("set", set.elements()))
                : Optional.empty();
    }

    private static List<String> elements(String form, List<Reply> replies) {
        return Stream.concat(
                        Stream.of(form),
                        replies.stream().map(ReplyBytes::encode).sorted())
                .toList();
    }
}
