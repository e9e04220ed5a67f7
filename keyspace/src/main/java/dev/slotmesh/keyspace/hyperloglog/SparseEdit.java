package dev.slotmesh.keyspace.hyperloglog;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * One register of a sparse HyperLogLog being raised: the run around it is replaced by up to three, and equal runs beside
 * each other are joined. Which ones are joined, and when, decides the bytes; here it is as Redis does it.
 *
 * <p>To be used in this order: {@link #find}; if that says RAISE, give the value {@link #addedBytes()} more bytes at its end
 * (it is never made shorter by this), then {@link #apply}, and cut off what that says is left over.
 */
public final class SparseEdit {
    /** What is to be done. */
    public enum Finding {
        /** The register holds that rank or a higher one. */
        ENOUGH,
        /** The register is to be raised in this form. */
        RAISE,
        /** No run covers the register. */
        CORRUPT
    }

    /** Runs looked at for joining, from the one before the replaced run on. */
    private static final int JOINED_RUNS = 5;

    private int previous;
    private int replaced;
    private int replacedWidth;
    /** The bytes to put there, the first lowest. */
    private long runs;

    private int runsWidth;

    /** Looks for the run of a register, 0 to 16383, that is to hold at least {@code rank}, 1 to 32. */
    public Finding find(ByteSpan value, int register, int rank) {
        previous = HyperLogLogHeader.BYTES;
        int first = 0;
        int at = HyperLogLogHeader.BYTES;
        while (at < value.length()) {
            int length = SparseRegisters.length(value, at);
            if (register < first + length) {
                if (SparseRegisters.rank(value, at) >= rank) {
                    return Finding.ENOUGH;
                }
                plan(value, at, register - first, rank);
                return Finding.RAISE;
            }
            first += length;
            previous = at;
            at += SparseRegisters.width(value, at);
        }
        return Finding.CORRUPT;
    }

    /** How much longer the value becomes before runs are joined; may be 0 or -1. */
    public int addedBytes() {
        return runsWidth - replacedWidth;
    }

    /**
     * Changes the runs.
     *
     * @param value with room at its end for {@link #addedBytes()} if that is above 0
     * @param length of the value before that, bytes
     * @return the length now
     */
    public int apply(ByteSpan value, int length) {
        int after = replaced + replacedWidth;
        int changed = length + addedBytes();
        if (after < length) {
            value.move(after, replaced + runsWidth, length - after);
        }
        for (int i = 0; i < runsWidth && replaced + i < changed; i++) {
            value.setByte(replaced + i, (int) (runs >>> i * Byte.SIZE));
        }
        return join(value, changed);
    }

    private void plan(ByteSpan value, int at, int before, int rank) {
        int length = SparseRegisters.length(value, at);
        int old = SparseRegisters.rank(value, at);
        replaced = at;
        // Of an XZERO cut short both bytes are taken as replaced, and the last of what replaces it
        // is cut.
        replacedWidth = SparseRegisters.width(value, at);
        runs = 0;
        runsWidth = 0;
        append(old, before);
        append(rank, 1);
        append(old, length - 1 - before);
    }

    private void append(int rank, int length) {
        if (length == 0) {
            return;
        }
        long run = rank == 0 ? SparseRegisters.zeros(length) : SparseRegisters.val(rank, length);
        runs |= run << runsWidth * Byte.SIZE;
        runsWidth += rank == 0 ? SparseRegisters.zerosWidth(length) : 1;
    }

    private int join(ByteSpan value, int length) {
        int end = length;
        int at = previous;
        for (int seen = 0; seen < JOINED_RUNS && at < end; seen++) {
            int joined = joinedLength(value, at, end);
            if (joined == 0) {
                at += SparseRegisters.width(value, at);
            } else {
                value.move(at + 1, at, end - at - 1);
                value.setByte(at, SparseRegisters.val(SparseRegisters.rank(value, at), joined));
                end--;
            }
        }
        return end;
    }

    /** Registers of this run and the next when they can be one run, else 0. */
    private static int joinedLength(ByteSpan value, int at, int end) {
        if (!SparseRegisters.isVal(value, at)
                || at + 1 >= end
                || !SparseRegisters.isVal(value, at + 1)
                || SparseRegisters.rank(value, at) != SparseRegisters.rank(value, at + 1)) {
            return 0;
        }
        int length = SparseRegisters.length(value, at) + SparseRegisters.length(value, at + 1);
        return length <= SparseRegisters.LONGEST_VAL ? length : 0;
    }
}
