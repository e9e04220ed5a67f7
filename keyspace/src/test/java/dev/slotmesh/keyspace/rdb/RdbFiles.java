package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/** Whole files as arrays, for tests. */
final class RdbFiles {
    private static final int CHECKSUM_BYTES = 8;

    private RdbFiles() {}

    /** The file of a keyspace that nobody changes meanwhile. */
    static byte[] write(
            Keyspace keyspace, boolean compressing, Map<String, String> aux, long nowMs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RdbSink sink = span -> bytes.writeBytes(span.toByteArray());
        try (RdbFileWriter file = new RdbFileWriter(sink, true)) {
            file.header(aux);
            try (KeyspaceSnapshot snapshot = begin(keyspace, compressing, nowMs)) {
                boolean more = true;
                while (more) {
                    more = snapshot.writeSome(file.records());
                }
            }
            file.end();
        }
        return bytes.toByteArray();
    }

    private static KeyspaceSnapshot begin(Keyspace keyspace, boolean compressing, long nowMs) {
        keyspace.locks().lockWorld();
        try {
            return KeyspaceSnapshot.begin(
                    keyspace, new RdbForm(compressing, false), nowMs, KeyspaceSnapshot.Pace.NORMAL);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    /** Ends a file with its checksum. */
    static void sumUp(byte[] file) {
        int length = file.length - CHECKSUM_BYTES;
        try (NativeBuffer bytes = new NativeBuffer(file.length)) {
            long sum = Crc64.of(Crc64.START, bytes.put(file).address(), length);
            for (int i = 0; i < CHECKSUM_BYTES; i++) {
                file[length + i] = (byte) (sum >>> 8 * i);
            }
        }
    }

    /** Loads a file that comes in pieces of {@code piece} bytes. */
    static RdbFileSummary load(byte[] file, int piece, Keyspace into, RdbLoadSettings settings) {
        try (NativeBuffer bytes = new NativeBuffer(Math.max(1, file.length))) {
            return RdbFileReader.load(source(bytes.put(file), piece), into, settings);
        }
    }

    private static RdbSource source(ByteSpan bytes, int piece) {
        ByteSpan rest = new ByteSpan().set(bytes);
        int whole = bytes.length();
        return new RdbSource() {
            @Override
            public int read(ByteSpan into) {
                int count = Math.min(piece, Math.min(rest.length(), into.length()));
                rest.copyTo(0, count, into.address());
                rest.slice(count, rest.length() - count);
                return count;
            }

            @Override
            public long length() {
                return whole;
            }
        };
    }

    /** Empties all databases and frees everything. */
    static void empty(Keyspace keyspace) {
        keyspace.locks().lockWorld();
        try {
            for (int i = 0; i < keyspace.databaseCount(); i++) {
                keyspace.database(i).flush();
            }
            keyspace.libraries(Libraries.NONE);
        } finally {
            keyspace.locks().unlockWorld();
        }
        keyspace.remains().free(Long.MAX_VALUE);
    }
}
