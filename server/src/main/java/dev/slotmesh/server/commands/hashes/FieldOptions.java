package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What HGETEX and HSETEX are told: a time, other options, and the fields, which come last.
 *
 * @param clock how {@code timeArgument} is meant; null without a time
 * @param timeArgument the argument with the time
 * @param keep PERSIST of HGETEX, KEEPTTL of HSETEX
 * @param condition {@code "FNX"}, {@code "FXX"} or nothing
 * @param fields with their values, for HSETEX: two arguments for each
 */
record FieldOptions(
        FieldClock clock, int timeArgument, boolean keep, String condition, FieldList fields) {
    private static final ErrorReply NO_NUMBER = new ErrorReply("ERR invalid number of fields");
    private static final ErrorReply OTHER_NUMBER = new ErrorReply("ERR wrong number of arguments");
    private static final ErrorReply NO_TIME = new ErrorReply("ERR missing expire time");
    private static final ErrorReply TWO_CONDITIONS =
            new ErrorReply("ERR Only one of FXX or FNX arguments can be specified");

    /** The words of one of the two commands. */
    enum Form {
        GET("PERSIST", 1),
        SET("KEEPTTL", 2);

        private final String keepWord;
        private final int argumentsPerField;

        Form(String keepWord, int argumentsPerField) {
            this.keepWord = keepWord;
            this.argumentsPerField = argumentsPerField;
        }
    }

    /** Reads everything from argument 2 on. */
    static FieldOptions parse(Call call, Form form) {
        FieldClock clock = null;
        int timeArgument = 0;
        boolean keep = false;
        String condition = "";
        for (int i = 2; i < call.count(); i++) {
            FieldClock named = clock(call, i);
            if (call.is(i, "FIELDS")) {
                FieldList fields = fields(call, i, form);
                return new FieldOptions(clock, timeArgument, keep, condition, fields);
            } else if (named != null || call.is(i, form.keepWord)) {
                if (clock != null || keep) {
                    throw new ErrorReply("ERR Only one of EX, PX, EXAT, PXAT or " + form.keepWord
                            + " arguments can be specified");
                }
                if (named != null && i + 1 == call.count()) {
                    throw NO_TIME;
                }
                clock = named;
                keep = named == null;
                timeArgument = named == null ? 0 : ++i;
            } else if (form == Form.SET && (call.is(i, "FNX") || call.is(i, "FXX"))) {
                if (!condition.isEmpty()) {
                    throw TWO_CONDITIONS;
                }
                condition = call.is(i, "FNX") ? "FNX" : "FXX";
            } else {
                throw new ErrorReply("ERR unknown argument: " + call.text(i));
            }
        }
        throw OTHER_NUMBER;
    }

    /** The deadline given, milliseconds since 1970, or -1 without one. */
    long deadline(Call call) {
        return clock == null ? -1 : clock.deadline(call, timeArgument);
    }

    private static FieldClock clock(Call call, int argument) {
        if (call.is(argument, "EX")) {
            return FieldClock.SECONDS_FROM_NOW;
        }
        if (call.is(argument, "PX")) {
            return FieldClock.MS_FROM_NOW;
        }
        if (call.is(argument, "EXAT")) {
            return FieldClock.SECONDS;
        }
        return call.is(argument, "PXAT") ? FieldClock.MS : null;
    }

    private static FieldList fields(Call call, int at, Form form) {
        if (at + 1 == call.count()) {
            throw OTHER_NUMBER;
        }
        long count = call.integer(at + 1, NO_NUMBER);
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw NO_NUMBER;
        }
        if (count * form.argumentsPerField != call.count() - at - 2) {
            throw OTHER_NUMBER;
        }
        return new FieldList(at + 2, (int) count);
    }
}
