package dev.slotmesh.server.commands.sets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.SetAlgebra;
import dev.slotmesh.keyspace.SetOperand;
import dev.slotmesh.keyspace.SetUnderway;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

import java.util.ArrayList;
import java.util.List;

/**
 * SINTER, SUNION, SDIFF, their STORE forms and SINTERCARD. All keys are looked up, and refused when they hold something else,
 * before anything is gathered; a stored result replaces its key when it is whole.
 */
final class SetCombinations {
    private static final ErrorReply NO_KEYS =
            new ErrorReply("ERR numkeys should be greater than 0");
    private static final ErrorReply TOO_MANY_KEYS =
            new ErrorReply("ERR Number of keys can't be greater than number of args");
    private static final ErrorReply NEGATIVE_LIMIT = new ErrorReply("ERR LIMIT can't be negative");

    void bind(CommandBindings bindings) {
        bindings.bind("sinter", this::intersect)
                .bind("sintercard", this::countCommon)
                .bind("sinterstore", call -> store(call, Operation.INTERSECTION))
                .bind("sunion", call -> answer(call, Operation.UNION))
                .bind("sunionstore", call -> store(call, Operation.UNION))
                .bind("sdiff", call -> answer(call, Operation.DIFFERENCE))
                .bind("sdiffstore", call -> store(call, Operation.DIFFERENCE));
    }

    private void intersect(Call call) {
        List<SetOperand> sets = operands(call, 1, call.count());
        if (sets.contains(null)) {
            call.reply().set(0);
            return;
        }
        try (DeferredArray common = call.deferredArray()) {
            SetAlgebra.intersect(sets, 0, common::add);
            common.finishAsSet();
        }
    }

    private void countCommon(Call call) {
        long keys = numberOfKeys(call);
        if (keys > call.count() - 2) {
            throw TOO_MANY_KEYS;
        }
        int end = 2 + (int) keys;
        long limit = 0;
        for (int i = end; i < call.count(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
                throw ErrorReply.SYNTAX;
            }
            limit = call.integer(i + 1, NEGATIVE_LIMIT);
            if (limit < 0) {
                throw NEGATIVE_LIMIT;
            }
        }
        List<SetOperand> sets = operands(call, 2, end);
        call.reply()
                .integer(sets.contains(null) ? 0 : SetAlgebra.intersect(sets, limit, member -> {}));
    }

    private static long numberOfKeys(Call call) {
        long keys = call.integer(1, NO_KEYS);
        if (keys < 1) {
            throw NO_KEYS;
        }
        return keys;
    }

    private void answer(Call call, Operation operation) {
        List<SetOperand> sets = operands(call, 1, call.count());
        try (SetUnderway result = new SetUnderway(call.slot(1))) {
            operation.gather(sets, result);
            call.reply().set(Math.toIntExact(result.size()));
            result.forEach(call::replyBulk);
        }
    }

    private void store(Call call, Operation operation) {
        List<SetOperand> sets = operands(call, 2, call.count());
        Slot target = call.slot(1);
        try (SetUnderway result = new SetUnderway(target)) {
            operation.gather(sets, result);
            long size = result.size();
            if (size > 0) {
                result.store(call.span(1), call.nowMs());
                call.changed(target, 1, operation.stored);
            } else if (target.remove(call.span(1), call.nowMs())) {
                call.changed(target, 1, KeyEvent.DEL);
            }
            call.reply().integer(size);
        }
    }

    /** The sets at arguments {@code from} to {@code end} - 1, null for a key that is absent. */
    private static List<SetOperand> operands(Call call, int from, int end) {
        List<SetOperand> sets = new ArrayList<>(end - from);
        for (int i = from; i < end; i++) {
            Slot slot = call.slot(i);
            long entry = call.read(slot, i, KeyType.SET);
            sets.add(entry == Slot.ABSENT ? null : new SetOperand(slot, entry));
        }
        return sets;
    }

    /** What is gathered of several sets, of which some may be absent. */
    private enum Operation {
        INTERSECTION("sinterstore") {
            @Override
            void gather(List<SetOperand> sets, SetUnderway into) {
                if (!sets.contains(null)) {
                    SetAlgebra.intersect(sets, 0, into::add);
                }
            }
        },
        UNION("sunionstore") {
            @Override
            void gather(List<SetOperand> sets, SetUnderway into) {
                SetAlgebra.unite(present(sets), into);
            }
        },
        DIFFERENCE("sdiffstore") {
            @Override
            void gather(List<SetOperand> sets, SetUnderway into) {
                if (sets.get(0) != null) {
                    SetAlgebra.subtract(sets.get(0), present(sets.subList(1, sets.size())), into);
                }
            }
        };

        private final KeyEvent stored;

        Operation(String event) {
            stored = KeyEvent.set(event);
        }

        abstract void gather(List<SetOperand> sets, SetUnderway into);

        private static List<SetOperand> present(List<SetOperand> sets) {
            List<SetOperand> present = new ArrayList<>(sets);
            present.removeIf(set -> set == null);
            return present;
        }
    }
}
