package dev.slotmesh.keyspace.memory;

/**
 * Makes, reads, changes and frees entries: the blocks that hold a key with its value. An entry is known by an opaque
 * handle that is never 0.
 *
 * <p>An entry's kind is its type code in bits 0..3 and its encoding code in bits 4..7; its clock is 24 bits. All
 * calls on an entry need the lock of its slot.
 */
public final class EntryStore {
    /** Bytes of the value of an entry that is not a string. */
    public static final int ROOT_BYTES = 8;

    /** How many generations can be told apart, 0 to one less. */
    public static final int GENERATIONS = 1 << EntryLayout.GENERATION_BITS;

    private final ArenaStripe stripe;
    /** That of new entries, where the header has it; changed under the world lock. */
    private long generation;

    /** The entries of all slots that share a stripe with {@code slot}. */
    public EntryStore(Arena arena, int slot) {
        this.stripe = arena.stripe(slot);
    }

    /**
     * Makes an entry whose value is undefined, to be filled through {@link #value}.
     *
     * @param valueLength 0 or more
     * @param capacity bytes to reserve for the value, at least {@code valueLength}; more makes the entry growable
     * @param traits kind and clock, as {@link #traits} packs them
     * @param deadlineMs 0 for none
     */
    public long create(ByteSpan key, int valueLength, int capacity, long traits, long deadlineMs) {
        int keyLength = key.length();
        boolean wide = capacity > valueLength
                || keyLength > EntryLayout.COMPACT_KEY_LIMIT
                || valueLength > EntryLayout.COMPACT_VALUE_LIMIT;
        long flags = traits & (EntryLayout.KIND_MASK | EntryLayout.CLOCK_MASK)
                | generation
                | (wide ? EntryLayout.WIDE : 0)
                | (deadlineMs != 0 ? EntryLayout.EXPIRY : 0);
        int keyOffset = EntryLayout.keyOffset(flags);
        long size = (long) keyOffset + keyLength + capacity;
        long entry = stripe.allocate(size);
        EntryLayout.writeLengths(entry, flags, keyLength, valueLength);
        if (wide) {
            NativeMemory.writeLong(entry + EntryLayout.BLOCK, SizeClasses.blockSize(size));
        }
        if (deadlineMs != 0) {
            NativeMemory.writeLong(entry + EntryLayout.deadlineOffset(flags), deadlineMs);
        }
        NativeMemory.copy(key.address(), entry + keyOffset, keyLength);
        return entry;
    }

    /** As the other {@code create}, with the value copied in and no room to grow. */
    public long create(ByteSpan key, ByteSpan value, long traits, long deadlineMs) {
        int length = value.length();
        long entry = create(key, length, length, traits, deadlineMs);
        long header = EntryLayout.header(entry);
        NativeMemory.copy(
                value.address(), entry + EntryLayout.keyOffset(header) + key.length(), length);
        return entry;
    }

    /** As the other {@code create}, with the decimal form of a number. */
    public long create(ByteSpan key, long value, long traits, long deadlineMs) {
        int length = DecimalLong.lengthOf(value);
        long entry = create(key, length, length, traits, deadlineMs);
        DecimalLong.write(value, valueAddress(entry), length);
        return entry;
    }

    /**
     * Replaces value, kind, clock and deadline where the entry is, if its block has the size a new one would get.
     *
     * @param deadlineMs 0 for none
     * @return false when nothing was changed because a new entry must be made
     */
    public boolean overwrite(long entry, ByteSpan value, long traits, long deadlineMs) {
        if (overlaps(value, entry)) {
            return false;
        }
        long target = reshape(entry, value.length(), traits, deadlineMs);
        if (target != 0) {
            NativeMemory.copy(value.address(), target, value.length());
        }
        return target != 0;
    }

    /** As the other {@code overwrite}, with the decimal form of a number. */
    public boolean overwrite(long entry, long value, long traits, long deadlineMs) {
        int length = DecimalLong.lengthOf(value);
        long target = reshape(entry, length, traits, deadlineMs);
        if (target != 0) {
            DecimalLong.write(value, target, length);
        }
        return target != 0;
    }

    /**
     * Makes a value longer where it is, if its block has room; the new bytes are undefined.
     *
     * @return false when nothing was changed because a new entry must be made
     */
    public boolean extend(long entry, int valueLength) {
        long header = EntryLayout.header(entry);
        int keyLength = EntryLayout.keyLength(entry, header);
        long size = (long) EntryLayout.keyOffset(header) + keyLength + valueLength;
        if (size > EntryLayout.blockSize(entry, header)
                || (!EntryLayout.isWide(header)
                        && (valueLength > EntryLayout.COMPACT_VALUE_LIMIT
                                || valueLength < EntryLayout.valueLength(entry, header)))) {
            return false;
        }
        EntryLayout.writeLengths(entry, header, keyLength, valueLength);
        return true;
    }

    /**
     * Makes an entry with the key, kind, generation, clock and value of another one, to replace it.
     *
     * @param capacity bytes to reserve for the value, at least its length; more makes the entry growable
     * @param deadlineMs 0 for none
     */
    public long copy(long entry, int capacity, long deadlineMs) {
        long copy = copy(entry, key(entry, new ByteSpan()), capacity, deadlineMs);
        generation(copy, generation(entry));
        return copy;
    }

    /** As the other {@code copy}, under another key and as an entry that is new. */
    public long copy(long entry, ByteSpan key, int capacity, long deadlineMs) {
        long header = EntryLayout.header(entry);
        int length = EntryLayout.valueLength(entry, header);
        long copy = create(key, length, capacity, header, deadlineMs);
        NativeMemory.copy(valueAddress(entry), valueAddress(copy), length);
        return copy;
    }

    /**
     * Makes the same entry again elsewhere, to replace it, if its block lies in a span that is to be emptied; see
     * {@link ArenaStripe#chooseLeaving}.
     *
     * @return the new entry, or 0 when the old one may stay
     */
    public long relocate(long entry) {
        long size = blockSize(entry);
        if (!stripe.isLeaving(entry, size)) {
            return 0;
        }
        long moved = stripe.allocate(size);
        NativeMemory.copy(entry, moved, size);
        return moved;
    }

    /** Frees an entry; its handle is dead. */
    public void free(long entry) {
        stripe.free(entry, EntryLayout.blockSize(entry, EntryLayout.header(entry)));
    }

    /** Packs kind and clock as {@link #create} and {@link #overwrite} take them. */
    public static long traits(int type, int encoding, int clock) {
        return type | (long) encoding << 4 | (long) clock << EntryLayout.CLOCK_SHIFT;
    }

    /** The type code, 0..15. */
    public static int type(long entry) {
        return (int) EntryLayout.header(entry) & 0xF;
    }

    /** The encoding code, 0..15. */
    public static int encoding(long entry) {
        return (int) (EntryLayout.header(entry) >>> 4) & 0xF;
    }

    /** Changes the encoding code. */
    public static void encoding(long entry, int encoding) {
        EntryLayout.header(entry, EntryLayout.header(entry) & ~0xF0L | (long) encoding << 4);
    }

    /** The access clock, 24 bits. */
    public static int clock(long entry) {
        return (int)
                ((EntryLayout.header(entry) & EntryLayout.CLOCK_MASK) >>> EntryLayout.CLOCK_SHIFT);
    }

    /** Changes the access clock, 24 bits. Writes only when it differs, to leave the cache line clean. */
    public static void clock(long entry, int clock) {
        long header = EntryLayout.header(entry);
        long wanted = header & ~EntryLayout.CLOCK_MASK | (long) clock << EntryLayout.CLOCK_SHIFT;
        if (wanted != header) {
            EntryLayout.header(entry, wanted);
        }
    }

    /** The generation of entries made from now on, 0 to {@link #GENERATIONS} - 1. Needs the world lock. */
    public void newGeneration(int number) {
        generation = (long) number << EntryLayout.GENERATION_SHIFT;
    }

    /** The generation an entry was made or last marked in, 0 to {@link #GENERATIONS} - 1. */
    public static int generation(long entry) {
        return (int) ((EntryLayout.header(entry) & EntryLayout.GENERATION_MASK)
                >>> EntryLayout.GENERATION_SHIFT);
    }

    /** Marks an entry with a generation. */
    public static void generation(long entry, int number) {
        EntryLayout.header(
                entry,
                EntryLayout.header(entry) & ~EntryLayout.GENERATION_MASK
                        | (long) number << EntryLayout.GENERATION_SHIFT);
    }

    /** Reads an entry's header, to have it in the cache; the result means nothing. */
    public static long readAhead(long entry) {
        return EntryLayout.header(entry);
    }

    /** Reads what the root of an entry that is not a string leads to, to have it in the cache; the result means nothing. */
    public static long readAheadBelow(long entry) {
        return NativeMemory.readLong(Root.address(root(entry)));
    }

    /** The deadline in milliseconds since 1970, or 0. */
    public static long deadline(long entry) {
        long header = EntryLayout.header(entry);
        return (header & EntryLayout.EXPIRY) == 0
                ? 0
                : NativeMemory.readLong(entry + EntryLayout.deadlineOffset(header));
    }

    /** Changes the deadline (0 for none) where the entry is. Returns false when the entry has no room for one. */
    public static boolean deadline(long entry, long deadlineMs) {
        long header = EntryLayout.header(entry);
        if ((header & EntryLayout.EXPIRY) == 0) {
            return deadlineMs == 0;
        }
        NativeMemory.writeLong(entry + EntryLayout.deadlineOffset(header), deadlineMs);
        return true;
    }

    /** Points {@code into} at the key. */
    public static ByteSpan key(long entry, ByteSpan into) {
        long header = EntryLayout.header(entry);
        return into.set(
                entry + EntryLayout.keyOffset(header), EntryLayout.keyLength(entry, header));
    }

    /** Points {@code into} at the value. */
    public static ByteSpan value(long entry, ByteSpan into) {
        return into.set(valueAddress(entry), valueLength(entry));
    }

    /** The root that an entry holds instead of a string, see {@link Root}; 0 before one was given. */
    public static long root(long entry) {
        return NativeMemory.readLong(valueAddress(entry));
    }

    /** Changes the root of an entry with a value of {@link #ROOT_BYTES}. */
    public static void root(long entry, long root) {
        NativeMemory.writeLong(valueAddress(entry), root);
    }

    /** Bytes of the value. */
    public static int valueLength(long entry) {
        return EntryLayout.valueLength(entry, EntryLayout.header(entry));
    }

    /** Bytes of the entry's block. */
    public static long blockSize(long entry) {
        return EntryLayout.blockSize(entry, EntryLayout.header(entry));
    }

    /** Whether the entry's key is these bytes. */
    public static boolean hasKey(long entry, ByteSpan key) {
        long header = EntryLayout.header(entry);
        int length = key.length();
        return EntryLayout.keyLength(entry, header) == length
                && NativeMemory.equal(entry + EntryLayout.keyOffset(header), key.address(), length);
    }

    static long hash(long entry, KeyHash hash) {
        long header = EntryLayout.header(entry);
        return hash.of(entry + EntryLayout.keyOffset(header), EntryLayout.keyLength(entry, header));
    }

    private static long valueAddress(long entry) {
        long header = EntryLayout.header(entry);
        return entry + EntryLayout.keyOffset(header) + EntryLayout.keyLength(entry, header);
    }

    /** Rewrites the fixed parts for a value of another length. Returns the value's address, or 0 if it needs a move. */
    private static long reshape(long entry, int length, long traits, long deadlineMs) {
        long header = EntryLayout.header(entry);
        boolean lacksDeadline = deadlineMs != 0 && (header & EntryLayout.EXPIRY) == 0;
        if (lacksDeadline
                || EntryLayout.isWide(header) != length > EntryLayout.COMPACT_VALUE_LIMIT) {
            return 0;
        }
        int keyLength = EntryLayout.keyLength(entry, header);
        int valueOffset = EntryLayout.keyOffset(header) + keyLength;
        if (SizeClasses.blockSize((long) valueOffset + length)
                != EntryLayout.blockSize(entry, header)) {
            return 0;
        }
        long kept = header & ~(EntryLayout.KIND_MASK | EntryLayout.CLOCK_MASK);
        EntryLayout.writeLengths(entry, kept | traits, keyLength, length);
        if ((header & EntryLayout.EXPIRY) != 0) {
            NativeMemory.writeLong(entry + EntryLayout.deadlineOffset(header), deadlineMs);
        }
        return entry + valueOffset;
    }

    private static boolean overlaps(ByteSpan span, long entry) {
        long end = entry + EntryLayout.blockSize(entry, EntryLayout.header(entry));
        return span.address() < end && entry < span.address() + span.length();
    }
}
