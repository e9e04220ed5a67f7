package dev.slotmesh.keyspace.commands;

import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.rdb.RdbWriter;
import dev.slotmesh.keyspace.rdb.SnapshotForm;

/**
 * Keys as Redis 7.0 rewrites them to commands: a key at a time, its elements in commands of {@value #ITEMS} each, then its
 * deadline.
 *
 * <pre>
 *  string  SET              list  RPUSH          set  SADD         sorted set  ZADD       hash  HMSET
 *  stream  XADD, XSETID, XGROUP CREATE, XCLAIM, XGROUP CREATECONSUMER
 *  then    PEXPIREAT
 * </pre>
 *
 * Keys past their deadline are written like others: who loads them decides.
 */
public final class CommandForm implements SnapshotForm {
    /** Elements in one command. */
    static final int ITEMS = 64;

    private static final int DIGITS = 24;

    @Override
    public boolean isCompressing() {
        return false;
    }

    /** @throws IllegalArgumentException since a stream of commands has no place for them: a file of RDB has */
    @Override
    public void libraries(RdbWriter out, Libraries libraries) {
        throw new IllegalArgumentException("libraries of functions among commands");
    }

    @Override
    public void announce(RdbWriter out, int number, long keys, long expiring) {
        // Numbers of keys have no place among commands.
    }

    @Override
    public void select(RdbWriter out, int number) {
        new CommandText(out).command(2, "SELECT").integer(number);
    }

    @Override
    public void write(RdbWriter out, Slot slot, long entry, long cutMs) {
        CommandText text = new CommandText(out);
        ByteSpan key = slot.key(entry, new ByteSpan());
        switch (slot.type(entry)) {
            case STRING ->
                text.command(3, "SET").bytes(key).bytes(slot.stringValue(entry, new ByteSpan()));
            case LIST -> writeList(text, key, slot, entry);
            case SET -> writeSet(text, key, slot, entry);
            case ZSET -> SortedSetCommands.write(text, key, slot, entry);
            case HASH -> {
                if (!HashCommands.write(text, key, slot, entry, cutMs)) {
                    return;
                }
            }
            case STREAM -> new StreamCommands(text, key, slot, entry).write();
            default -> throw new IllegalStateException("a type without commands");
        }
        long deadline = slot.expireAt(entry);
        if (deadline != Slot.NO_EXPIRY) {
            text.command(3, "PEXPIREAT").bytes(key).integer(deadline);
        }
    }

    private static void writeList(CommandText text, ByteSpan key, Slot slot, long entry) {
        long left = Lists.size(slot, entry);
        ByteSpan element = new ByteSpan();
        try (ListCursor cursor = new ListCursor();
                NativeBuffer digits = new NativeBuffer(DIGITS)) {
            boolean more = Lists.seek(slot, entry, 0, cursor);
            for (int i = 0; more; i++) {
                if (i % ITEMS == 0) {
                    text.command(2 + Math.min(ITEMS, left - i), "RPUSH").bytes(key);
                }
                text.bytes(cursor.text(element, digits));
                more = cursor.next();
            }
        }
    }

    private static void writeSet(CommandText text, ByteSpan key, Slot slot, long entry) {
        long members = Sets.size(slot, entry);
        long[] written = {0};
        Sets.forEach(slot, entry, member -> {
            if (written[0] % ITEMS == 0) {
                text.command(2 + Math.min(ITEMS, members - written[0]), "SADD").bytes(key);
            }
            text.bytes(member);
            written[0]++;
        });
    }
}
