package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.rdb.RdbFileWriter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Random;

/**
 * A snapshot file as any server could have written it: keys of 16 bytes named as redis-benchmark does, with values of 64 bytes
 * that cannot be compressed, in no order that helps anybody.
 */
final class KeyFile {
    private static final int POOL_BYTES = 1 << 20;
    private static final int KEY_BYTES = 16;
    private static final int VALUE_BYTES = 64;
    private static final int RECORD_BYTES = 1 + 1 + KEY_BYTES + 2 + VALUE_BYTES;
    private static final int RECORDS_AT_ONCE = 1000;
    /** A prime beyond any number of keys: its multiples visit all of them, far apart. */
    private static final long STRIDE = 2_654_435_761L;

    private KeyFile() {}

    /** Writes it; returns its length in bytes. */
    static long write(Path file, int keys) throws IOException {
        byte[] pool = new byte[POOL_BYTES];
        new Random(1).nextBytes(pool);
        try (OutputStream out = Files.newOutputStream(file);
                NativeBuffer span = new NativeBuffer(RECORDS_AT_ONCE * RECORD_BYTES);
                RdbFileWriter rdb = new RdbFileWriter(
                        bytes -> {
                            try {
                                out.write(bytes.toByteArray());
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        },
                        true)) {
            rdb.header(new LinkedHashMap<>());
            rdb.records().write(span.put(database(keys)));
            for (int from = 0; from < keys; from += RECORDS_AT_ONCE) {
                int count = Math.min(RECORDS_AT_ONCE, keys - from);
                rdb.records().write(span.put(records(pool, keys, from, count)));
            }
            rdb.end();
            return rdb.bytes();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** SELECTDB 0 and RESIZEDB. */
    private static byte[] database(int keys) {
        return ByteBuffer.allocate(9)
                .put(new byte[] {(byte) 0xFE, 0, (byte) 0xFB, (byte) 0x80})
                .putInt(keys)
                .put((byte) 0)
                .array();
    }

    private static byte[] records(byte[] pool, int keys, int from, int count) {
        ByteBuffer records = ByteBuffer.allocate(count * RECORD_BYTES);
        for (int i = from; i < from + count; i++) {
            long number = i * STRIDE % keys;
            String key = String.format("key:%012d", number);
            records.put((byte) 0).put((byte) KEY_BYTES);
            records.put(key.getBytes(StandardCharsets.US_ASCII));
            records.put((byte) 0x40).put((byte) VALUE_BYTES);
            records.put(pool, (int) (number * 7919 % (POOL_BYTES - VALUE_BYTES)), VALUE_BYTES);
        }
        return records.array();
    }
}
