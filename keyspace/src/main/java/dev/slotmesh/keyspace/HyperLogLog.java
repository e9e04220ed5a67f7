package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.hyperloglog.CardinalityEstimate;
import dev.slotmesh.keyspace.hyperloglog.DenseRegisters;
import dev.slotmesh.keyspace.hyperloglog.ElementHash;
import dev.slotmesh.keyspace.hyperloglog.HyperLogLogHeader;
import dev.slotmesh.keyspace.hyperloglog.SparseEdit;
import dev.slotmesh.keyspace.hyperloglog.SparseRegisters;
import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * A stored HyperLogLog that one command reads and changes: a string with the bytes of Redis 7.0, sparse up to {@link
 * EncodingLimits#hllSparseBytes()}. Needs the slot's lock from making it to the last call; other writes to the slot in
 * between make it invalid. Changes keep the deadline and do not touch the cached estimate, unless they say so.
 */
public final class HyperLogLog {
    /** Number of registers. */
    public static final int REGISTERS = HyperLogLogHeader.REGISTERS;

    private final Slot slot;
    private final long nowMs;
    private final SparseEdit edit = new SparseEdit();
    private final ByteSpan value = new ByteSpan();
    private long entry;

    private HyperLogLog(Slot slot, long entry, long nowMs) {
        this.slot = slot;
        this.entry = entry;
        this.nowMs = nowMs;
        slot.stringValue(entry, value);
    }

    /** Whether a string is a HyperLogLog as far as its header tells: others must not be opened. */
    public static boolean isOne(Slot slot, long entry, ByteSpan into) {
        return HyperLogLogHeader.isValid(slot.stringValue(entry, into));
    }

    /** Makes an empty one under a key that is absent. Its estimate is cached, and 0. */
    public static HyperLogLog create(Slot slot, ByteSpan key, long nowMs) {
        long entry = StringEntries.createRaw(slot, key, SparseRegisters.EMPTY_BYTES, nowMs);
        HyperLogLog created = new HyperLogLog(slot, entry, nowMs);
        SparseRegisters.writeEmpty(created.value);
        return created;
    }

    /** Opens one for change: its encoding becomes raw. */
    public static HyperLogLog open(Slot slot, long entry, long nowMs) {
        return new HyperLogLog(slot, StringEntries.extend(slot, entry, 0), nowMs);
    }

    /**
     * Raises each entry of {@code ranks} (one for each register) to what an entry's register says.
     *
     * @return false when the registers are corrupt; {@code ranks} is then partly raised
     */
    public static boolean readInto(Slot slot, long entry, byte[] ranks, ByteSpan into) {
        slot.stringValue(entry, into);
        if (HyperLogLogHeader.isSparse(into)) {
            return SparseRegisters.readInto(into, ranks);
        }
        DenseRegisters.readInto(into, ranks);
        return true;
    }

    public boolean isSparse() {
        return HyperLogLogHeader.isSparse(value);
    }

    /** The runs of a sparse one as text, see {@link SparseRegisters#describe}. */
    public String describe() {
        return SparseRegisters.describe(value);
    }

    /** Raises each entry of {@code ranks} to the register of that number. Returns false when the registers are corrupt. */
    public boolean readInto(byte[] ranks) {
        return readInto(slot, entry, ranks, value);
    }

    /** The estimate, or {@link CardinalityEstimate#CORRUPT}; made and cached if the cached one is stale. */
    public long estimate() {
        long cached = HyperLogLogHeader.estimate(value);
        if (cached >= 0) {
            return cached;
        }
        long made = CardinalityEstimate.of(value);
        if (made != CardinalityEstimate.CORRUPT) {
            HyperLogLogHeader.estimate(value, made);
        }
        return made;
    }

    /** Whether {@link #estimate()} would return the cached estimate. */
    public boolean hasEstimate() {
        return HyperLogLogHeader.estimate(value) >= 0;
    }

    /** Notes that the cached estimate no longer holds. */
    public void markStale() {
        HyperLogLogHeader.markStale(value);
    }

    /** Notes that an element was seen. See {@link #raise} for what is returned. */
    public Change add(ByteSpan element) {
        long hash = ElementHash.of(element);
        return raise(ElementHash.register(hash), ElementHash.rank(hash));
    }

    /** Makes a register, 0 to 16383, at least {@code rank}, 1 to 63. */
    public Change raise(int register, int rank) {
        if (!HyperLogLogHeader.isSparse(value)) {
            return DenseRegisters.raise(value, register, rank) ? Change.RAISED : Change.NONE;
        }
        if (rank > SparseRegisters.HIGHEST_RANK) {
            return raiseDense(register, rank);
        }
        return switch (edit.find(value, register, rank)) {
            case ENOUGH -> Change.NONE;
            case CORRUPT -> Change.CORRUPT;
            case RAISE -> raiseSparse(register, rank);
        };
    }

    /** Makes a sparse one dense. Returns false, with nothing changed, when the registers are corrupt. */
    public boolean toDense() {
        if (!HyperLogLogHeader.isSparse(value)) {
            return true;
        }
        byte[] ranks = new byte[REGISTERS];
        if (!SparseRegisters.readInto(value, ranks)) {
            return false;
        }
        setLength(HyperLogLogHeader.DENSE_BYTES);
        DenseRegisters.fill(value, ranks);
        return true;
    }

    /** What a call did. */
    public enum Change {
        /** Nothing: the register was high enough. */
        NONE,
        /** A register was raised. */
        RAISED,
        /** Nothing, because the registers are corrupt. */
        CORRUPT
    }

    private Change raiseSparse(int register, int rank) {
        int length = value.length();
        int added = edit.addedBytes();
        int limit = slot.database().keyspace().encodingLimits().hllSparseBytes();
        if (added > 0 && length + added > limit) {
            return raiseDense(register, rank);
        }
        if (added > 0) {
            setLength(length + added);
        }
        int now = edit.apply(value, length);
        if (now != value.length()) {
            setLength(now);
        }
        return Change.RAISED;
    }

    private Change raiseDense(int register, int rank) {
        if (!toDense()) {
            return Change.CORRUPT;
        }
        return DenseRegisters.raise(value, register, rank) ? Change.RAISED : Change.NONE;
    }

    /** Changes the length; new bytes are undefined. */
    private void setLength(int length) {
        if (length < value.length()) {
            value.slice(0, length);
            ByteSpan key = slot.key(entry, new ByteSpan());
            entry = slot.putString(key, value, StringForm.RAW, Slot.KEEP_EXPIRY, nowMs);
        } else {
            long extended = StringEntries.extend(slot, entry, length);
            if (extended != entry) {
                slot.entries().free(entry);
                entry = extended;
            }
        }
        slot.stringValue(entry, value);
    }
}
