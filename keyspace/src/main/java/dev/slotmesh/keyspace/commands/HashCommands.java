package dev.slotmesh.keyspace.commands;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/** Hashes as HMSET, and HPEXPIREAT for each field that has a deadline. */
final class HashCommands {
    private static final int DIGITS = 24;

    private HashCommands() {}

    /** Writes a hash, without the fields that are past their time at the cut; false when no field is left. */
    static boolean write(CommandText text, ByteSpan key, Slot slot, long entry, long cutMs) {
        HashWalk walk = new HashWalk(slot, entry, cutMs);
        long fields = walk.count();
        if (fields == 0) {
            return false;
        }
        long[] written = {0};
        ByteSpan part = new ByteSpan();
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            walk.forEach(name -> {
                if (written[0] % CommandForm.ITEMS == 0) {
                    long items = Math.min(CommandForm.ITEMS, fields - written[0]);
                    text.command(2 + 2 * items, "HMSET").bytes(key);
                }
                text.bytes(FieldText.bytes(name, part, digits));
                text.bytes(FieldText.bytes(FieldText.valueOfName(name), part, digits));
                written[0]++;
            });
            if (FieldDeadlines.any(slot, entry)) {
                walk.forEach(name -> {
                    ByteSpan field = FieldText.bytes(name, part, digits);
                    long deadline = FieldDeadlines.get(slot, entry, field, cutMs);
                    if (deadline >= 0) {
                        text.command(6, "HPEXPIREAT").bytes(key).integer(deadline);
                        text.word("FIELDS").integer(1).bytes(field);
                    }
                });
            }
        }
        return true;
    }
}
