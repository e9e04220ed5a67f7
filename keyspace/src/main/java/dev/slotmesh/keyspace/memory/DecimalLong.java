package dev.slotmesh.keyspace.memory;

/** The one decimal form of a signed 64-bit integer, in native memory: recognising, parsing, writing. */
public final class DecimalLong {
    /** Length of -9223372036854775808. */
    public static final int LONGEST = 20;

    private static final long[] POWERS = powers();

    private DecimalLong() {}

    public static boolean isLong(long address, int length) {
        if (length <= 0 || length > LONGEST) {
            return false;
        }
        int first = NativeMemory.readByte(address);
        if (length == 1) {
            return isDigit(first);
        }
        int start = first == '-' ? 1 : 0;
        int lead = NativeMemory.readByte(address + start);
        if (lead < '1' || lead > '9') {
            return false;
        }
        for (int i = start + 1; i < length; i++) {
            if (!isDigit(NativeMemory.readByte(address + i))) {
                return false;
            }
        }
        int digits = length - start;
        return digits < 19 || (digits == 19 && fits(address + start, start == 1));
    }

    /** The value of bytes that {@link #isLong} accepted. */
    public static long parse(long address, int length) {
        boolean negative = NativeMemory.readByte(address) == '-';
        long value = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            value = value * 10 - (NativeMemory.readByte(address + i) - '0');
        }
        return negative ? value : -value;
    }

    /** Bytes that {@link #write} needs, 1 to 20. */
    public static int lengthOf(long value) {
        int length = value < 0 ? 2 : 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            length++;
        }
        return length;
    }

    /** Writes {@code value} in {@code length} bytes, as {@link #lengthOf} gave it. */
    public static void write(long value, long address, int length) {
        long rest = value;
        int end = value < 0 ? 1 : 0;
        for (int i = length - 1; i >= end; i--) {
            long next = rest / 10;
            NativeMemory.writeByte(address + i, (byte) ('0' + Math.abs((int) (rest - next * 10))));
            rest = next;
        }
        if (value < 0) {
            NativeMemory.writeByte(address, (byte) '-');
        }
    }

    /** Order of the decimal form and some bytes, as memcmp and then the lengths: negative, 0 or positive. */
    public static int compare(long value, ByteSpan bytes) {
        int length = lengthOf(value);
        int common = Math.min(length, bytes.length());
        int signs = value < 0 ? 1 : 0;
        for (int i = 0; i < common; i++) {
            int character =
                    i < signs ? '-' : '0' + (int) Math.abs(value / POWERS[length - 1 - i] % 10);
            if (character != bytes.byteAt(i)) {
                return character - bytes.byteAt(i);
            }
        }
        return length - bytes.length();
    }

    private static long[] powers() {
        long[] powers = new long[LONGEST - 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = 10 * powers[i - 1];
        }
        return powers;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    /** Whether 19 digits stay within 64 bits: accumulated negatively, a sum that wraps turns positive. */
    private static boolean fits(long address, boolean negative) {
        long value = 0;
        for (int i = 0; i < 19; i++) {
            value = value * 10 - (NativeMemory.readByte(address + i) - '0');
        }
        return value < 0 && (negative || value != Long.MIN_VALUE);
    }
}
