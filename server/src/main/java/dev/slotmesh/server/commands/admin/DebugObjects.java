package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.EncodingLimits;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Hashes;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.list.Quicklist;
import dev.slotmesh.keyspace.list.QuicklistNode;
import dev.slotmesh.keyspace.rdb.DumpPayload;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** DEBUG OBJECT, HTSTATS and HTSTATS-KEY: how values and databases are kept. */
final class DebugObjects {
    /** A time that lets keys be seen whose own has passed, as DEBUG does. */
    private static final long EXPIRED_TOO = 0;

    private static final int KEY = 2;
    /** The access clock has 24 bits of seconds. */
    private static final long CLOCK_MASK = (1L << 24) - 1;

    private static final ErrorReply OUT_OF_RANGE = new ErrorReply("ERR Out of range database");
    private static final ErrorReply NO_TABLE = new ErrorReply(
            "ERR The value stored at the specified key is not represented using an hash table");

    private final BooleanSupplier compressing;

    /** @param compressing whether a file would have long strings compressed */
    DebugObjects(BooleanSupplier compressing) {
        this.compressing = compressing;
    }

    /** What is asked about an entry. */
    @FunctionalInterface
    private interface Question {
        void ask(Slot slot, long entry);
    }

    void object(Call call) {
        withEntry(call, (slot, entry) -> {
            long idle = slot.idleSeconds(entry, call.nowMs());
            long lastUse = TimeUnit.MILLISECONDS.toSeconds(call.nowMs()) - idle & CLOCK_MASK;
            long bytes =
                    DumpPayload.valueBytes(slot, entry, compressing.getAsBoolean(), call.nowMs());
            call.reply()
                    .simpleString("Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:"
                            + slot.encoding(entry).wireName()
                            + " serializedlength:" + bytes
                            + " lru:" + lastUse
                            + " lru_seconds_idle:" + idle
                            + (slot.type(entry) == KeyType.LIST ? listFigures(slot, entry) : ""));
        });
    }

    /** The figures of a database's keys and of those with a deadline. */
    void databaseTable(Call call) {
        long number = call.integer(KEY);
        if (number < 0 || number >= call.keyspace().databaseCount()) {
            throw OUT_OF_RANGE;
        }
        Database database = call.keyspace().database((int) number);
        call.reply()
                .verbatim(
                        "txt",
                        "[Dictionary HT]\n" + tableFigures(database.keyCount()) + "[Expires HT]\n"
                                + tableFigures(database.expiringKeyCount()));
    }

    /** The figures of the table of a value. */
    void valueTable(Call call) {
        withEntry(call, (slot, entry) -> {
            ValueEncoding encoding = slot.encoding(entry);
            if (encoding != ValueEncoding.HASHTABLE && encoding != ValueEncoding.SKIPLIST) {
                throw NO_TABLE;
            }
            call.reply().verbatim("txt", tableFigures(elements(slot, entry)));
        });
    }

    private static long elements(Slot slot, long entry) {
        return switch (slot.type(entry)) {
            case SET -> Sets.size(slot, entry);
            case HASH -> Hashes.size(slot, entry);
            default -> SortedSets.size(slot, entry);
        };
    }

    /** Tables here have no chains, whose lengths Redis tells. */
    private static String tableFigures(long elements) {
        return "Hash table 0 stats (main hash table):\n"
                + (elements == 0
                        ? "No stats available for empty dictionaries\n"
                        : " number of elements: " + elements + "\n");
    }

    private static String listFigures(Slot slot, long entry) {
        EncodingLimits limits = slot.database().keyspace().encodingLimits();
        long list = Lists.list(slot, entry);
        long bytes = 0;
        for (long node = Quicklist.firstNode(list); node != 0; node = QuicklistNode.next(node)) {
            bytes += QuicklistNode.contentBytes(node);
        }
        double average = (double) Quicklist.size(list) / Quicklist.nodeCount(list);
        return String.format(
                Locale.ROOT,
                " ql_nodes:%d ql_avg_node:%.2f ql_listpack_max:%d ql_compressed:%d"
                        + " ql_uncompressed_size:%d",
                Quicklist.nodeCount(list),
                average,
                limits.listNodeSize(),
                limits.listCompressDepth() == 0 ? 0 : 1,
                bytes);
    }

    private static void withEntry(Call call, Question question) {
        int number = HashSlot.of(call.span(KEY));
        SlotLocks locks = call.keyspace().locks();
        locks.lock(number);
        try {
            Slot slot = call.database().slot(number);
            long entry = slot.peek(call.span(KEY), EXPIRED_TOO);
            if (entry == Slot.ABSENT) {
                throw ErrorReply.NO_SUCH_KEY;
            }
            question.ask(slot, entry);
        } finally {
            locks.unlock(number);
        }
    }
}
