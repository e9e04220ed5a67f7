package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * The end of a request, {@code FIELDS numfields field [field ...]}.
 *
 * @param first the argument that is the first field
 * @param count fields, 1 or more
 */
record FieldList(int first, int count) {
    static final ErrorReply NOT_POSITIVE =
            new ErrorReply("ERR Number of fields must be a positive integer");

    private static final ErrorReply NO_FIELDS =
            new ErrorReply("ERR Mandatory argument FIELDS is missing or not at the right position");
    private static final ErrorReply OTHER_NUMBER =
            new ErrorReply("ERR The `numfields` parameter must match the number of arguments");

    /**
     * Reads the list, which must begin at argument {@code at}.
     *
     * @param notPositive for a number that is none, or below 1
     */
    static FieldList parse(Call call, int at, ErrorReply notPositive) {
        if (at + 1 >= call.count() || !call.is(at, "FIELDS")) {
            throw NO_FIELDS;
        }
        long count = call.integer(at + 1, notPositive);
        if (count < 1) {
            throw notPositive;
        }
        if (count != call.count() - at - 2) {
            throw OTHER_NUMBER;
        }
        return new FieldList(at + 2, (int) count);
    }

    /** Behind the last field. */
    int end() {
        return first + count;
    }
}
