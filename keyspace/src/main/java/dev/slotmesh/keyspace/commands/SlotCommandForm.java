package dev.slotmesh.keyspace.commands;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbWriter;
import dev.slotmesh.keyspace.rdb.SnapshotForm;

/**
 * Keys of slots as commands for a node that has none of them yet and keeps them apart: those of {@link CommandForm}, of database
 * 0 and of keys alone, each of bounded size but for the lengths of elements.
 *
 * <p>Keys and fields whose time has passed are written, too. Who goes on to write to them here may have an older clock, and
 * finds them; their deletions follow as commands. So the other end must not delete what is given a deadline that has
 * passed.
 */
public final class SlotCommandForm implements SnapshotForm {
    /** Makes no field of a hash one that has passed. */
    private static final long BEFORE_ALL_DEADLINES = 0;

    private final CommandForm form = new CommandForm();

    @Override
    public boolean isCompressing() {
        return false;
    }

    @Override
    public void libraries(RdbWriter out, Libraries libraries) {
        // They belong to nodes, not to slots.
    }

    @Override
    public void announce(RdbWriter out, int number, long keys, long expiring) {
        // Numbers of keys have no place among commands.
    }

    @Override
    public void select(RdbWriter out, int number) {
        if (number != 0) {
            throw new IllegalStateException("a slot of database " + number);
        }
    }

    @Override
    public void write(RdbWriter out, Slot slot, long entry, long cutMs) {
        long deadline = slot.expireAt(entry);
        if (deadline != Slot.NO_EXPIRY && slot.type(entry) == KeyType.STRING) {
            CommandText text = new CommandText(out).command(5, "SET");
            text.bytes(slot.key(entry, new ByteSpan()));
            text.bytes(slot.stringValue(entry, new ByteSpan()));
            text.word("PXAT").integer(deadline);
        } else {
            form.write(out, slot, entry, BEFORE_ALL_DEADLINES);
        }
    }
}
