package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.EncodingLimits;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.keyspace.stream.Trimming;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** What XADD and XTRIM are told before the ID, or at all: MAXLEN, MINID, LIMIT, and NOMKSTREAM of XADD. */
final class TrimOptions {
    private static final ErrorReply TWO_STRATEGIES = new ErrorReply(
            "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
    private static final ErrorReply NEGATIVE_LENGTH =
            new ErrorReply("ERR The MAXLEN argument must be >= 0.");
    private static final ErrorReply NEGATIVE_LIMIT =
            new ErrorReply("ERR The LIMIT argument must be >= 0.");
    private static final ErrorReply LIMIT_ALONE = new ErrorReply(
            "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
    private static final ErrorReply LIMIT_EXACT =
            new ErrorReply("ERR syntax error, LIMIT cannot be used without the special ~ option");
    private static final ErrorReply NO_STRATEGY =
            new ErrorReply("ERR syntax error, XTRIM must be called with MAXLEN or MINID");
    private static final int LIMIT_FACTOR = 100;
    private static final int DEFAULT_LIMIT = 10_000;
    private static final int MOST_DEFAULT_LIMIT = 1_000_000;

    private final Call call;
    private final boolean ofAdd;
    private int at;
    private boolean noMakeStream;
    private boolean given;
    private boolean byLength;
    private boolean approximate;
    private long mostEntries;
    private StreamId from = StreamId.MIN;
    private boolean limitGiven;
    private long limit;
    private boolean atId;
    private int thresholdArgument;

    private TrimOptions(Call call, boolean ofAdd) {
        this.call = call;
        this.ofAdd = ofAdd;
        this.at = 2;
    }

    /** Those of XADD, up to the ID at {@link #idArgument}. */
    static TrimOptions ofAdd(Call call) {
        TrimOptions options = new TrimOptions(call, true);
        while (options.at < call.count() && !options.atId) {
            if (!options.takeTrimWord()) {
                options.takeAddWord();
            }
        }
        options.check();
        return options;
    }

    /** Those of XTRIM. */
    static TrimOptions ofTrim(Call call) {
        TrimOptions options = new TrimOptions(call, false);
        while (options.at < call.count()) {
            if (!options.takeTrimWord()) {
                throw ErrorReply.SYNTAX;
            }
        }
        options.check();
        return options;
    }

    /** The argument that is the ID, or the number of arguments when there is none. */
    int idArgument() {
        return at;
    }

    boolean noMakeStream() {
        return noMakeStream;
    }

    /** Whether whole nodes alone are to go, so that what is left depends on more than the options. */
    boolean isApproximate() {
        return approximate;
    }

    /**
     * Writes an argument of an approximate trimming as the exact one that leaves what is left now. Returns false for any
     * argument that stays as it is.
     */
    boolean propagate(int argument, long stream, CommandWriter writer) {
        if (!approximate || argument < thresholdArgument - 1 || argument > thresholdArgument) {
            return false;
        }
        if (argument < thresholdArgument) {
            writer.word("=");
        } else if (byLength) {
            writer.number(StreamHead.length(stream));
        } else {
            StreamId first = StreamEntries.oldestId(stream);
            writer.id(first.ms(), first.seq());
        }
        return true;
    }

    /** The rule that was given, or null. */
    Trimming rule(EncodingLimits limits) {
        if (!given) {
            return null;
        }
        long effective = limitGiven ? limit : approximate ? defaultLimit(limits) : 0;
        if (call.session().isPrimary()) {
            // What a primary had trimmed there goes here, however much it was.
            effective = 0;
        }
        return byLength
                ? Trimming.toLength(mostEntries, approximate, effective)
                : Trimming.toId(from, approximate, effective);
    }

    private static long defaultLimit(EncodingLimits limits) {
        long wanted = (long) LIMIT_FACTOR * limits.streamNodeEntries();
        return wanted <= 0 ? DEFAULT_LIMIT : Math.min(wanted, MOST_DEFAULT_LIMIT);
    }

    private void takeAddWord() {
        if (call.is(at, "NOMKSTREAM")) {
            noMakeStream = true;
            at++;
        } else {
            if (!IdArgument.hasAutomaticSequence(call.span(at))) {
                IdArgument.exact(call, at);
            } else {
                IdArgument.milliseconds(call.span(at));
            }
            atId = true;
        }
    }

    private boolean takeTrimWord() {
        boolean more = at + 1 < call.count();
        if (call.length(at) == 1 && call.span(at).byteAt(0) == '*') {
            atId = ofAdd;
            return atId;
        }
        if (more && call.is(at, "MAXLEN")) {
            takeThreshold();
            mostEntries = call.integer(at);
            if (mostEntries < 0) {
                throw NEGATIVE_LENGTH;
            }
            byLength = true;
        } else if (more && call.is(at, "MINID")) {
            takeThreshold();
            from = IdArgument.exact(call, at);
            byLength = false;
        } else if (more && call.is(at, "LIMIT")) {
            limit = call.integer(++at);
            if (limit < 0) {
                throw NEGATIVE_LIMIT;
            }
            limitGiven = true;
        } else {
            return false;
        }
        at++;
        return true;
    }

    /** Goes to the argument that is the threshold. */
    private void takeThreshold() {
        if (given) {
            throw TWO_STRATEGIES;
        }
        given = true;
        at++;
        approximate = false;
        if (at + 1 < call.count() && call.length(at) == 1) {
            int operator = call.span(at).byteAt(0);
            approximate = operator == '~';
            if (approximate || operator == '=') {
                at++;
            }
        }
        thresholdArgument = at;
    }

    private void check() {
        if (limitGiven && limit != 0 && !given) {
            throw LIMIT_ALONE;
        }
        if (!ofAdd && !given) {
            throw NO_STRATEGY;
        }
        if (call.session().isObeyed()) {
            // What was approximate has been made exact, and the limit of then is still there.
            limitGiven = true;
            limit = 0;
        } else if (limitGiven && !approximate) {
            throw LIMIT_EXACT;
        }
    }
}
