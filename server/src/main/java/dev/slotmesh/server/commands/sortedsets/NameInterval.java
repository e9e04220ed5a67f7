package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.NameBound;
import dev.slotmesh.keyspace.RankExtent;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** A range of names as commands write it: {@code -}, {@code +}, {@code [name} or {@code (name} for either end. */
record NameInterval(NameBound min, NameBound max) {
    private static final ErrorReply NOT_A_RANGE =
            new ErrorReply("ERR min or max not valid string range item");

    /**
     * The range between two arguments.
     *
     * @throws ErrorReply {@code min or max not valid string range item}
     */
    static NameInterval parse(Call call, int min, int max) {
        return new NameInterval(bound(call.span(min)), bound(call.span(max)));
    }

    /** The members whose names are in it; {@code fromEnd} as {@link SortedRanges#between} has it. */
    RankExtent find(Slot slot, long entry, boolean fromEnd) {
        return SortedRanges.between(slot, entry, min, max, fromEnd);
    }

    private static NameBound bound(ByteSpan text) {
        int first = text.length() == 0 ? 0 : text.byteAt(0);
        if (first == '[' || first == '(') {
            ByteSpan name = new ByteSpan().set(text).slice(1, text.length() - 1);
            return new NameBound(0, name, first == '(');
        }
        // As Redis reads a C string, a zero byte is the end of it.
        boolean alone = text.length() == 1 || (text.length() > 1 && text.byteAt(1) == 0);
        if (alone && (first == '-' || first == '+')) {
            return new NameBound(first == '-' ? -1 : 1, text, false);
        }
        throw NOT_A_RANGE;
    }
}
