package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.memory.ByteSpan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The 160 bits by which Redis compares contents. Parts that come in an order are mixed in (xor with their SHA-1, then the
 * SHA-1 of all), parts in no order are only combined by xor.
 */
final class ContentDigest {
    static final int BYTES = 20;

    private final MessageDigest sha1;
    private final byte[] sum = new byte[BYTES];

    ContentDigest() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }

    /** Forgets everything. */
    ContentDigest clear() {
        Arrays.fill(sum, (byte) 0);
        return this;
    }

    /** Adds bytes whose place among others does not matter. */
    ContentDigest combine(byte[] bytes) {
        return xor(sha1.digest(bytes));
    }

    /** Adds what another digest is of, whose place among others does not matter. */
    ContentDigest combine(ContentDigest other) {
        return combine(other.sum);
    }

    /** Adds bytes behind those added before. */
    ContentDigest mix(byte[] bytes) {
        combine(bytes);
        System.arraycopy(sha1.digest(sum), 0, sum, 0, BYTES);
        return this;
    }

    ContentDigest mix(ByteSpan bytes) {
        return mix(bytes.toByteArray());
    }

    ContentDigest mix(String ascii) {
        return mix(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Mixes in a number as four bytes, high first. */
    ContentDigest mix(int number) {
        return mix(new byte[] {
            (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        });
    }

    /** 40 hex digits. */
    String text() {
        return HexFormat.of().formatHex(sum);
    }

    private ContentDigest xor(byte[] bytes) {
        for (int i = 0; i < BYTES; i++) {
            sum[i] ^= bytes[i];
        }
        return this;
    }
}
