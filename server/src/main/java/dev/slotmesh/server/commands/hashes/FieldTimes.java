package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** HEXPIRE, HTTL and all their variants, and HPERSIST: the deadlines of fields (since Redis 7.4). */
final class FieldTimes {
    static final KeyEvent EXPIRING = KeyEvent.hash("hexpire");
    static final KeyEvent PERSISTED = KeyEvent.hash("hpersist");

    private static final ErrorReply NO_NUMBER =
            new ErrorReply("ERR Parameter `numFields` should be greater than 0");
    private static final int NOT_MET = 0;
    private static final int SET = 1;
    private static final int DELETED = 2;

    void bind(CommandBindings bindings) {
        bindings.bind("hexpire", call -> expire(call, FieldClock.SECONDS_FROM_NOW))
                .bind("hpexpire", call -> expire(call, FieldClock.MS_FROM_NOW))
                .bind("hexpireat", call -> expire(call, FieldClock.SECONDS))
                .bind("hpexpireat", call -> expire(call, FieldClock.MS))
                .bind("httl", call -> tell(call, FieldClock.SECONDS_FROM_NOW))
                .bind("hpttl", call -> tell(call, FieldClock.MS_FROM_NOW))
                .bind("hexpiretime", call -> tell(call, FieldClock.SECONDS))
                .bind("hpexpiretime", call -> tell(call, FieldClock.MS))
                .bind("hpersist", this::persist);
    }

    private void expire(Call call, FieldClock clock) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        long deadlineMs = clock.deadline(call, 2);
        Condition condition = Condition.at(call, 3);
        FieldList fields = FieldList.parse(call, condition == Condition.NONE ? 3 : 4, NO_NUMBER);
        call.reply().array(fields.count());
        int set = 0;
        int deleted = 0;
        boolean gone = entry == Slot.ABSENT;
        // One deadline for all: they are all deleted, or none is.
        FieldTelling telling = new FieldTelling(call);
        for (int i = fields.first(); i < fields.end(); i++) {
            long present = gone
                    ? FieldDeadlines.NO_FIELD
                    : FieldDeadlines.get(slot, entry, call.span(i), call.nowMs());
            if (present == FieldDeadlines.NO_FIELD) {
                call.reply().integer(FieldDeadlines.NO_FIELD);
            } else if (!condition.allows(present, deadlineMs)) {
                call.reply().integer(NOT_MET);
            } else if (!deletes(call, slot, deadlineMs)) {
                FieldDeadlines.set(slot, entry, call.span(i), deadlineMs);
                set++;
                telling.add(i);
                call.reply().integer(SET);
            } else {
                Hashes.remove(slot, entry, call.span(i), call.nowMs());
                gone = Hashes.removeIfEmpty(slot, entry);
                deleted++;
                telling.add(i);
                call.reply().integer(DELETED);
            }
        }
        report(call, slot, set, deleted, gone && deleted > 0);
        tell(telling, set, deadlineMs);
    }

    /**
     * Whether a field is deleted instead of given that deadline, because it is not above now. Where fields past their time are
     * kept until the primary's HDEL, this one is too: the primary found the deadline to come, and may have taken it away since.
     */
    static boolean deletes(Call call, Slot slot, long deadlineMs) {
        return deadlineMs <= call.nowMs() && slot.expiryMode() == ExpiryMode.DELETE;
    }

    /** Tells replicas of fields that got a deadline, or were deleted because it had passed. */
    static void tell(FieldTelling telling, int set, long deadlineMs) {
        if (set > 0) {
            telling.expireAt(deadlineMs);
        } else {
            telling.deleted();
        }
    }

    /** Tells of fields that got a deadline and of those deleted because it had passed, and of the key if it went. */
    static void report(Call call, Slot slot, int set, int deleted, boolean gone) {
        if (set == 0) {
            HashWrites.reportDeleted(call, slot, deleted, gone);
            return;
        }
        call.changed(slot, 1, EXPIRING);
        if (deleted > 0) {
            call.event(slot, 1, HashWrites.DELETED);
        }
        if (gone) {
            call.event(slot, 1, KeyEvent.DEL);
        }
    }

    private void tell(Call call, FieldClock clock) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        FieldList fields = FieldList.parse(call, 2, FieldList.NOT_POSITIVE);
        call.reply().array(fields.count());
        for (int i = fields.first(); i < fields.end(); i++) {
            long deadline = entry == Slot.ABSENT
                    ? FieldDeadlines.NO_FIELD
                    : FieldDeadlines.get(slot, entry, call.span(i), call.nowMs());
            call.reply().integer(deadline < 0 ? deadline : clock.tell(deadline, call.nowMs()));
        }
    }

    private void persist(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        FieldList fields = FieldList.parse(call, 2, FieldList.NOT_POSITIVE);
        call.reply().array(fields.count());
        int persisted = 0;
        // Replicas still have fields past their time that are absent here, and would persist them.
        FieldTelling telling = new FieldTelling(call);
        for (int i = fields.first(); i < fields.end(); i++) {
            long deadline = entry == Slot.ABSENT
                    ? FieldDeadlines.NO_FIELD
                    : FieldDeadlines.get(slot, entry, call.span(i), call.nowMs());
            if (deadline >= 0) {
                FieldDeadlines.set(slot, entry, call.span(i), FieldDeadlines.NONE);
                persisted++;
                telling.add(i);
            }
            call.reply().integer(deadline < 0 ? deadline : SET);
        }
        if (persisted > 0) {
            call.changed(slot, 1, PERSISTED);
            telling.persisted();
        }
    }

    /** When HEXPIRE may change a deadline. A field without one counts as living for ever. */
    private enum Condition {
        NONE,
        NX,
        XX,
        GT,
        LT;

        static Condition at(Call call, int argument) {
            for (Condition condition : new Condition[] {NX, XX, GT, LT}) {
                if (call.is(argument, condition.name())) {
                    return condition;
                }
            }
            return NONE;
        }

        boolean allows(long presentMs, long nextMs) {
            boolean has = presentMs != FieldDeadlines.NONE;
            return switch (this) {
                case NONE -> true;
                case NX -> !has;
                case XX -> has;
                case GT -> has && nextMs > presentMs;
                case LT -> !has || nextMs < presentMs;
            };
        }
    }
}
