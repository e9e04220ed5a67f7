package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;
import static dev.slotmesh.keyspace.rdb.RdbFormatException.requireElements;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorted sets.
 *
 * <pre>
 *  ZSET_2         count, from the highest on: member as a string, score as eight bytes
 *  ZSET           the same with scores as text: length (253 NaN, 254 and 255 infinite), characters
 *  ZSET_LISTPACK  a listpack of members and scores from the lowest on, as a string
 * </pre>
 */
final class SortedSetForms {
    private static final int DIGITS = 24;
    private static final long NEGATIVE_ZERO = Long.MIN_VALUE;
    private static final int LONGEST_SCORE = 252;
    private static final int PLUS_INFINITY = 254;
    private static final int MINUS_INFINITY = 255;

    private SortedSetForms() {}

    static int type(Slot slot, long entry) {
        return slot.encoding(entry) == ValueEncoding.LISTPACK
                ? RdbType.ZSET_LISTPACK
                : RdbType.ZSET_2;
    }

    static void write(RdbWriter out, Slot slot, long entry) {
        ByteSpan text = new ByteSpan();
        if (slot.encoding(entry) == ValueEncoding.LISTPACK) {
            long listpack = Root.address(slot.root(entry));
            out.writeString(text.set(listpack, Listpack.totalBytes(listpack)));
            return;
        }
        long size = SortedSets.size(slot, entry);
        out.writeLength(size);
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            long place = SortedRanges.at(slot, entry, size - 1);
            for (long rank = size - 1; rank >= 0; rank--) {
                long member = SortedRanges.member(place);
                out.writeString(SortedMember.text(member, text, digits));
                out.writeLong(Double.doubleToRawLongBits(SortedMember.score(member)));
                if (rank > 0) {
                    place = SortedRanges.step(slot, entry, place, rank - 1, -1);
                }
            }
        }
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        if (type != RdbType.ZSET_LISTPACK) {
            return readOther(in, type, target);
        }
        ByteSpan listpack = in.readString(new ByteSpan());
        require(Listpack.isValid(listpack.address(), listpack.length()), "a broken listpack");
        Slot slot = target.slot();
        int most = slot.database().keyspace().encodingLimits().zsetEntries();
        if (!PackedText.isPairs(listpack, most) || !isAscending(listpack)) {
            return readPacked(listpack, target);
        }
        // As it is, even with members longer than the limit: Redis looks at their number only.
        long entry = slot.create(target.key(), KeyType.ZSET, Slot.NO_EXPIRY, target.nowMs());
        long copy = Listpack.copy(listpack.address(), slot.stripe());
        slot.root(entry, ValueEncoding.LISTPACK, Root.of(slot.stripe(), copy));
        return entry;
    }

    /** Whether pairs are in the order of scores, and of members where these are equal. */
    private static boolean isAscending(ByteSpan listpack) {
        double[] last = {Double.NEGATIVE_INFINITY};
        boolean[] ascending = {true};
        try (NativeBuffer before = new NativeBuffer(DIGITS);
                TextPairs pairs = new TextPairs((member, text) -> {
                    double score = parse(text);
                    boolean follows = score > last[0]
                            || score == last[0] && before.span().compareContent(member) < 0
                            || before.span().length() == 0 && score == last[0];
                    ascending[0] &= follows;
                    last[0] = score;
                    before.put(member);
                })) {
            PackedText.ofListpack(listpack, pairs);
        }
        return ascending[0];
    }

    private static long readPacked(ByteSpan listpack, ValueTarget target) {
        Slot slot = target.slot();
        long entry = SortedSets.create(slot, target.key(), target.nowMs());
        try (TextPairs pairs =
                new TextPairs((member, score) -> insert(slot, entry, member, parse(score)))) {
            PackedText.ofListpack(listpack, pairs);
            pairs.requireWhole();
        }
        requireElements(SortedSets.size(slot, entry) > 0, "a sorted set without members");
        return entry;
    }

    private static long readOther(RdbReader in, int type, ValueTarget target) {
        Slot slot = target.slot();
        long entry = SortedSets.create(slot, target.key(), target.nowMs());
        if (type == RdbType.ZSET || type == RdbType.ZSET_2) {
            readMembers(in, type, slot, entry);
        } else {
            ByteSpan text = in.readString(new ByteSpan());
            try (TextPairs pairs =
                    new TextPairs((member, score) -> insert(slot, entry, member, parse(score)))) {
                PackedText.ofZiplist(text, pairs);
                pairs.requireWhole();
            }
        }
        requireElements(SortedSets.size(slot, entry) > 0, "a sorted set without members");
        return entry;
    }

    /**
     * A listpack makes 0 of a score of -0, a table keeps it: so a table that begins as a listpack, until a long member comes,
     * gets these scores once more.
     */
    private static void readMembers(RdbReader in, int type, Slot slot, long entry) {
        ByteSpan text = new ByteSpan();
        int count = in.readCount();
        if (count > slot.database().keyspace().encodingLimits().zsetEntries()) {
            SortedSets.unpack(slot, entry);
        }
        List<byte[]> negativeZeros = new ArrayList<>();
        try (NativeBuffer member = new NativeBuffer(DIGITS)) {
            for (int left = count; left > 0; left--) {
                member.put(in.readString(text));
                double score = type == RdbType.ZSET_2
                        ? Double.longBitsToDouble(in.readLong())
                        : readScore(in, text);
                insert(slot, entry, member.span(), score);
                if (Double.doubleToRawLongBits(score) == NEGATIVE_ZERO
                        && slot.encoding(entry) == ValueEncoding.LISTPACK) {
                    negativeZeros.add(member.span().toByteArray());
                }
            }
            if (slot.encoding(entry) != ValueEncoding.LISTPACK) {
                for (byte[] name : negativeZeros) {
                    long found = SortedSets.find(slot, entry, member.put(name));
                    SortedSets.update(slot, entry, found, member.span(), -0.0);
                }
            }
        }
    }

    private static double readScore(RdbReader in, ByteSpan text) {
        int length = in.readByte();
        if (length <= LONGEST_SCORE) {
            return parse(in.readRaw(length, text));
        }
        return switch (length) {
            case PLUS_INFINITY -> Double.POSITIVE_INFINITY;
            case MINUS_INFINITY -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    private static void insert(Slot slot, long entry, ByteSpan member, double score) {
        require(!Double.isNaN(score), "a score that is no number");
        boolean isNew = SortedSets.put(slot, entry, member, score);
        require(isNew, "a member twice");
    }

    private static double parse(ByteSpan text) {
        require(text.length() <= LONGEST_SCORE, "a score too long");
        String score = new String(text.toByteArray(), StandardCharsets.ISO_8859_1);
        return switch (score) {
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> number(score);
        };
    }

    private static double number(String score) {
        try {
            return Double.parseDouble(score);
        } catch (NumberFormatException notANumber) {
            throw new RdbFormatException("a score that is no number");
        }
    }
}
