package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

/** HGETEX, HSETEX and HGETDEL (since Redis 8.0): values read or set together with their deadlines. */
final class FieldSwaps {
    void bind(CommandBindings bindings) {
        bindings.bind("hgetex", this::getAndExpire)
                .bind("hsetex", this::setAndExpire)
                .bind("hgetdel", this::getAndDelete);
    }

    private void getAndDelete(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        FieldList fields = FieldList.parse(call, 2, FieldList.NOT_POSITIVE);
        call.reply().array(fields.count());
        int deleted = 0;
        boolean gone = entry == Slot.ABSENT;
        FieldTelling telling = new FieldTelling(call);
        for (int i = fields.first(); i < fields.end(); i++) {
            FieldReplies.text(call, gone ? Hashes.ABSENT : find(call, slot, entry, i));
            if (!gone) {
                if (Hashes.remove(slot, entry, call.span(i), call.nowMs())) {
                    deleted++;
                    telling.add(i);
                }
                gone = Hashes.removeIfEmpty(slot, entry);
            }
        }
        HashWrites.reportDeleted(call, slot, deleted, gone && entry != Slot.ABSENT);
        telling.deleted();
    }

    private void getAndExpire(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        FieldOptions options = FieldOptions.parse(call, FieldOptions.Form.GET);
        long deadlineMs = options.deadline(call);
        FieldList fields = options.fields();
        call.reply().array(fields.count());
        int set = 0;
        int persisted = 0;
        int deleted = 0;
        boolean gone = entry == Slot.ABSENT;
        FieldTelling telling = new FieldTelling(call);
        for (int i = fields.first(); i < fields.end(); i++) {
            long value = gone ? Hashes.ABSENT : find(call, slot, entry, i);
            FieldReplies.text(call, value);
            if (value == Hashes.ABSENT) {
                continue;
            }
            if (options.keep()) {
                if (persist(call, slot, entry, i)) {
                    persisted++;
                    telling.add(i);
                }
            } else if (deadlineMs >= 0 && !FieldTimes.deletes(call, slot, deadlineMs)) {
                FieldDeadlines.set(slot, entry, call.span(i), deadlineMs);
                set++;
                telling.add(i);
            } else if (deadlineMs >= 0) {
                Hashes.remove(slot, entry, call.span(i), call.nowMs());
                gone = Hashes.removeIfEmpty(slot, entry);
                deleted++;
                telling.add(i);
            }
        }
        FieldTimes.report(call, slot, set, deleted, gone && deleted > 0);
        if (persisted > 0) {
            call.changed(slot, 1, FieldTimes.PERSISTED);
            telling.persisted();
        } else {
            FieldTimes.tell(telling, set, deadlineMs);
        }
    }

    private static boolean persist(Call call, Slot slot, long entry, int field) {
        if (FieldDeadlines.get(slot, entry, call.span(field), call.nowMs()) < 0) {
            return false;
        }
        FieldDeadlines.set(slot, entry, call.span(field), FieldDeadlines.NONE);
        return true;
    }

    private void setAndExpire(Call call) {
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.HASH);
        FieldOptions options = FieldOptions.parse(call, FieldOptions.Form.SET);
        long deadlineMs = options.deadline(call);
        if (!holds(call, slot, entry, options)) {
            call.reply().integer(0);
            return;
        }
        if (deadlineMs >= 0 && FieldTimes.deletes(call, slot, deadlineMs)) {
            deleteAll(call, slot, entry, options.fields());
        } else {
            setAll(call, slot, options, deadlineMs);
        }
        call.reply().integer(1);
    }

    private static void setAll(Call call, Slot slot, FieldOptions options, long deadlineMs) {
        long entry = HashWrites.writable(call, slot);
        for (int i = 0; i < options.fields().count(); i++) {
            int field = options.fields().first() + 2 * i;
            if (options.keep() && find(call, slot, entry, field) != Hashes.ABSENT) {
                Hashes.replace(slot, entry, call.span(field), call.span(field + 1));
            } else {
                Hashes.set(slot, entry, call.span(field), call.span(field + 1), call.nowMs());
            }
            if (deadlineMs > 0) {
                FieldDeadlines.set(slot, entry, call.span(field), deadlineMs);
            }
        }
        call.changed(slot, 1, HashWrites.SET);
        if (deadlineMs > 0) {
            call.event(slot, 1, FieldTimes.EXPIRING);
        }
        propagate(call, options, deadlineMs);
    }

    /** With the moment of the deadline and without the condition, which held. */
    private static void propagate(Call call, FieldOptions options, long deadlineMs) {
        FieldList fields = options.fields();
        int timeWords = deadlineMs > 0 ? 2 : options.keep() ? 1 : 0;
        CommandWriter writer = call.propagateAs(4 + timeWords + 2 * fields.count())
                .word("HSETEX")
                .span(call.span(1));
        if (deadlineMs > 0) {
            writer.word("PXAT").number(deadlineMs);
        } else if (options.keep()) {
            writer.word("KEEPTTL");
        }
        writer.word("FIELDS").number(fields.count());
        for (int i = 0; i < 2 * fields.count(); i++) {
            writer.span(call.span(fields.first() + i));
        }
    }

    /** A field whose time has passed before it is set is deleted if it was there. */
    private static void deleteAll(Call call, Slot slot, long entry, FieldList fields) {
        int deleted = 0;
        boolean gone = entry == Slot.ABSENT;
        FieldTelling telling = new FieldTelling(call);
        for (int i = 0; i < fields.count() && !gone; i++) {
            int field = fields.first() + 2 * i;
            if (Hashes.remove(slot, entry, call.span(field), call.nowMs())) {
                deleted++;
                telling.add(field);
            }
            gone = Hashes.removeIfEmpty(slot, entry);
        }
        HashWrites.reportDeleted(call, slot, deleted, gone && entry != Slot.ABSENT);
        telling.deleted();
    }

    /** Whether none of the fields is there, for FNX, or all are, for FXX. */
    private static boolean holds(Call call, Slot slot, long entry, FieldOptions options) {
        if (options.condition().isEmpty()) {
            return true;
        }
        boolean wanted = options.condition().equals("FXX");
        for (int i = 0; i < options.fields().count(); i++) {
            int field = options.fields().first() + 2 * i;
            boolean there = entry != Slot.ABSENT && find(call, slot, entry, field) != Hashes.ABSENT;
            if (there != wanted) {
                return false;
            }
        }
        return true;
    }

    private static long find(Call call, Slot slot, long entry, int field) {
        return Hashes.find(slot, entry, call.span(field), call.nowMs());
    }
}
