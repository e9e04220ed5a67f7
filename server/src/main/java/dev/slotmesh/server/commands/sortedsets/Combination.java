package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/** What ZUNION, ZINTER, ZDIFF, ZINTERCARD and their STORE forms ask for. */
final class Combination {
    /** How the scores of one member become one. */
    enum Aggregate {
        SUM,
        MIN,
        MAX;

        /** Opposite infinities have the sum 0; a score that is no number (0 times infinity) is lowest and highest of none. */
        double of(double one, double other) {
            return switch (this) {
                case SUM -> Double.isNaN(one + other) ? 0 : one + other;
                case MIN -> other < one ? other : one;
                case MAX -> other > one ? other : one;
            };
        }
    }

    /** Which of the options a command has. */
    record Options(boolean weights, boolean scores, boolean limit) {}

    private static final ErrorReply WEIGHT = new ErrorReply("ERR weight value is not a float");
    private static final ErrorReply LIMIT = new ErrorReply("ERR LIMIT can't be negative");

    private final List<ScoredSource> sources = new ArrayList<>();
    private Aggregate aggregate = Aggregate.SUM;
    private boolean withScores;
    private long limit;

    private Combination() {}

    /**
     * Reads {@code numkeys key [key ...]} and options.
     *
     * @param at the argument that is the number of keys
     * @throws ErrorReply also when a key holds neither a sorted set nor a set
     */
    static Combination parse(Call call, int at, Options options) {
        long keys = call.integer(at);
        if (keys < 1) {
            throw new ErrorReply(
                    "ERR at least 1 input key is needed for '" + call.spec().name() + "' command");
        }
        if (keys > call.count() - at - 1) {
            throw ErrorReply.SYNTAX;
        }
        Combination combination = new Combination();
        for (int i = at + 1; i <= at + keys; i++) {
            combination.addSource(call, i);
        }
        combination.parseOptions(call, at + 1 + (int) keys, options);
        return combination;
    }

    List<ScoredSource> sources() {
        return sources;
    }

    Aggregate aggregate() {
        return aggregate;
    }

    boolean withScores() {
        return withScores;
    }

    /** Up to how many members to count, 0: all. */
    long limit() {
        return limit;
    }

    private void addSource(Call call, int argument) {
        Slot slot = call.slot(argument);
        long entry = call.read(slot, argument);
        if (entry != Slot.ABSENT
                && slot.type(entry) != KeyType.ZSET
                && slot.type(entry) != KeyType.SET) {
            throw ErrorReply.WRONG_TYPE;
        }
        sources.add(new ScoredSource(slot, entry, 1));
    }

    private void parseOptions(Call call, int from, Options options) {
        for (int i = from; i < call.count(); i++) {
            int left = call.count() - i;
            if (options.weights() && left > sources.size() && call.is(i, "WEIGHTS")) {
                for (int k = 0; k < sources.size(); k++) {
                    sources.set(k, sources.get(k).withWeight(weight(call, ++i)));
                }
            } else if (options.weights() && left >= 2 && call.is(i, "AGGREGATE")) {
                aggregate = aggregate(call, ++i);
            } else if (options.scores() && call.is(i, "WITHSCORES")) {
                withScores = true;
            } else if (options.limit() && left >= 2 && call.is(i, "LIMIT")) {
                limit = call.integer(++i, LIMIT);
                if (limit < 0) {
                    throw LIMIT;
                }
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
    }

    private static double weight(Call call, int argument) {
        double weight = Scores.strict(call.span(argument));
        if (Double.isNaN(weight)) {
            throw WEIGHT;
        }
        return weight;
    }

    private static Aggregate aggregate(Call call, int argument) {
        for (Aggregate choice : Aggregate.values()) {
            if (call.is(argument, choice.name())) {
                return choice;
            }
        }
        throw ErrorReply.SYNTAX;
    }
}
