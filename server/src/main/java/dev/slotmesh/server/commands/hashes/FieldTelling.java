package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;

import java.util.Arrays;

/**
 * Which of a command's fields were given a deadline, relieved of it or deleted, for replicas: they are told of these alone, with
 * moments instead of spans of time, and without conditions. One of the three for a command; it allocates with the first field.
 */
final class FieldTelling {
    private final Call call;
    private int[] fields = {};
    private int count;

    FieldTelling(Call call) {
        this.call = call;
    }

    /** The field at an argument is one. */
    void add(int argument) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, Math.max(4, 2 * count));
        }
        fields[count++] = argument;
    }

    /** They were deleted. */
    void deleted() {
        if (count > 0) {
            CommandWriter writer = call.propagateAs(2 + count).word("HDEL").span(call.span(1));
            writeFields(writer);
        }
    }

    /** They were given a deadline, milliseconds since 1970. */
    void expireAt(long deadlineMs) {
        if (count > 0) {
            CommandWriter writer = call.propagateAs(5 + count)
                    .word("HPEXPIREAT")
                    .span(call.span(1))
                    .number(deadlineMs)
                    .word("FIELDS")
                    .number(count);
            writeFields(writer);
        }
    }

    /** They have no deadline any more. */
    void persisted() {
        if (count > 0) {
            CommandWriter writer = call.propagateAs(4 + count)
                    .word("HPERSIST")
                    .span(call.span(1))
                    .word("FIELDS")
                    .number(count);
            writeFields(writer);
        }
    }

    private void writeFields(CommandWriter writer) {
        for (int i = 0; i < count; i++) {
            writer.span(call.span(fields[i]));
        }
    }
}
