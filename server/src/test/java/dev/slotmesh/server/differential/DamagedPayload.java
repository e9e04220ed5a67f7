package dev.slotmesh.server.differential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/** What DUMP gave with some bytes changed, under a checksum that holds again: RESTORE has to look at the value itself. */
final class DamagedPayload {
    /** CRC-64 as Redis computes it, bits reversed. */
    private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;

    private static final int FOOTER_BYTES = 10;
    private static final int MOST_CHANGES = 3;

    private static final long[] TABLE =
            LongStream.range(0, 256).map(DamagedPayload::shiftedOut).toArray();

    private DamagedPayload() {}

    /** @param payload at least a footer; a character stands for a byte */
    static String of(String payload, Words words) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        int value = bytes.length - FOOTER_BYTES;
        for (int i = words.below(MOST_CHANGES); i >= 0 && value > 0; i--) {
            int at = words.below(value);
            bytes[at] = (byte)
                    switch (words.below(4)) {
                        case 0 -> bytes[at] + 1;
                        case 1 -> bytes[at] ^ 1 << words.below(8);
                        case 2 -> words.onceIn(2) ? 0 : 255;
                        default -> words.below(256);
                    };
        }
        int summed = bytes.length - Long.BYTES;
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(summed, checksum(bytes, summed));
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static long checksum(byte[] bytes, int length) {
        long crc = 0;
        for (int i = 0; i < length; i++) {
            crc = TABLE[(int) (crc ^ bytes[i]) & 0xff] ^ crc >>> Byte.SIZE;
        }
        return crc;
    }

    private static long shiftedOut(long bits) {
        long crc = bits;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return crc;
    }
}
