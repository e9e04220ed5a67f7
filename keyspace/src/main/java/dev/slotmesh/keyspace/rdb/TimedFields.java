package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.FieldDeadlines;
import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.MemoryAccount;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * The deadlines of a hash's fields in a file of version 10, which has no type of value for them. They stand in texts about the
 * file, which Redis and Valkey pass over wherever they meet them, before all else that belongs to the key of the hash:
 *
 * <pre>
 *  text  FA "slotmesh-field-deadlines" | string: 0 u8 | word u64 (1 to 8192 of them) |       low bits first
 *  word  fields without a deadline that are passed over u16 (high bits) | the deadline of the next field u48, 0 for none
 * </pre>
 *
 * The fields are those of the next key of the same database, a hash in the form {@link RdbType#HASH}, in the order in which they
 * stand there; those behind the last word have no deadline. The words of several texts go on from each other. The first byte
 * keeps tools that print such texts from printing what is no text.
 *
 * <p>An object collects the words that a file has before a key. For one thread.
 */
final class TimedFields implements AutoCloseable {
    /** The last deadline that HEXPIRE takes, milliseconds since 1970. */
    static final long LATEST = (1L << 46) - 1;

    private static final byte[] NAME =
            "slotmesh-field-deadlines".getBytes(StandardCharsets.US_ASCII);
    private static final int FORM = 0;
    private static final int MOST_WORDS = 8192;
    private static final int DEADLINE_BITS = 48;
    private static final long MOST_PASSED_OVER = (1 << 16) - 1;

    private final RecordBuffer words;
    private final ByteSpan part = new ByteSpan();
    private long count;
    private long next;
    /** Fields still to be passed over before the deadline of the word before {@link #next}. */
    private long passedOver;

    private long deadline = FieldDeadlines.NONE;

    TimedFields(MemoryAccount account) {
        this.words = new RecordBuffer(account);
    }

    /** Writes the texts of a hash, if any field alive has a deadline. Needs the slot's lock. */
    static void write(RdbWriter out, Slot slot, long entry, long nowMs) {
        if (!FieldDeadlines.any(slot, entry)) {
            return;
        }
        HashWalk walk = new HashWalk(slot, entry, nowMs);
        long[] left = {0};
        forEachWord(walk, word -> left[0]++);
        if (left[0] == 0) {
            return;
        }
        long[] untilNext = {0};
        try (NativeBuffer name = new NativeBuffer(NAME.length)) {
            name.put(NAME);
            forEachWord(walk, word -> {
                if (untilNext[0] == 0) {
                    untilNext[0] = Math.min(left[0], MOST_WORDS);
                    left[0] -= untilNext[0];
                    out.writeByte(RdbOpcode.AUX);
                    out.writeString(name.span());
                    out.writeLength(1 + Long.BYTES * untilNext[0]);
                    out.writeByte(FORM);
                }
                out.writeLong(word);
                untilNext[0]--;
            });
        }
    }

    private static void forEachWord(HashWalk walk, LongConsumer words) {
        long[] without = {0};
        walk.forEach(name -> {
            long deadline = FieldText.deadlineOfName(name);
            if (deadline != FieldDeadlines.NONE) {
                words.accept(without[0] << DEADLINE_BITS | deadline);
                without[0] = 0;
            } else if (without[0] == MOST_PASSED_OVER) {
                words.accept(without[0] << DEADLINE_BITS);
                without[0] = 0;
            } else {
                without[0]++;
            }
        });
    }

    /** Whether a text about the file is one of these. */
    static boolean isName(ByteSpan name) {
        return name.contentEquals(NAME);
    }

    /**
     * Adds what a text says.
     *
     * @throws RdbFormatException when it is none of the kind
     */
    void add(ByteSpan text) {
        require(
                text.length() > 0 && text.byteAt(0) == FORM,
                "deadlines of fields in no known form");
        int bytes = text.length() - 1;
        require(
                bytes > 0 && bytes % Long.BYTES == 0 && bytes / Long.BYTES <= MOST_WORDS,
                "deadlines of fields of a wrong length");
        for (int at = 1; at < text.length(); at += Long.BYTES) {
            require(deadlineOf(text.longAt(at)) <= LATEST, "a deadline out of range");
        }
        words.write(part.set(text.address() + 1, bytes));
        if (count == 0) {
            turn(words.longAt(0));
        }
        count += bytes / Long.BYTES;
    }

    /** Whether nothing was added. */
    boolean isEmpty() {
        return count == 0;
    }

    /** The deadline of the field that comes next, {@link FieldDeadlines#NONE} for none. */
    long forNextField() {
        if (next == count) {
            return FieldDeadlines.NONE;
        }
        if (passedOver > 0) {
            passedOver--;
            return FieldDeadlines.NONE;
        }
        long found = deadline;
        next++;
        if (next < count) {
            turn(words.longAt(next * Long.BYTES));
        }
        return found == 0 ? FieldDeadlines.NONE : found;
    }

    /** Throws unless there was a field for each deadline. */
    void requireUsed() {
        require(next == count, "a deadline of a field that is not there");
    }

    /** Forgets everything. */
    void clear() {
        if (count > 0) {
            words.clear();
            count = 0;
            next = 0;
        }
    }

    private void turn(long word) {
        passedOver = word >>> DEADLINE_BITS;
        deadline = deadlineOf(word);
    }

    private static long deadlineOf(long word) {
        return word & (1L << DEADLINE_BITS) - 1;
    }

    @Override
    public void close() {
        words.close();
    }
}
