package dev.slotmesh.server.differential;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.rdb.RdbForm;
import dev.slotmesh.keyspace.rdb.RdbSink;
import dev.slotmesh.keyspace.rdb.RdbWriter;
import dev.slotmesh.keyspace.rdb.SnapshotForm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * All keys of a keyspace with what an RDB file would have of each: as they are now, or as a snapshot in a form that can be taken
 * apart without knowing RDB gives them.
 *
 * <pre>
 *  run     | 1 | database i32 |
 *  record  | 2 | key length i32 | key | bytes i32 | the key's record in RDB |
 * </pre>
 */
final class KeyImage implements SnapshotForm, RdbSink {
    private static final int RUN = 1;
    private static final int RECORD = 2;

    private final RdbForm rdb = new RdbForm(true, false);
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

    /** What there is now, by {@code database:key}. Needs the world lock. */
    Map<String, String> of(Keyspace keyspace, long cutMs) {
        Map<String, String> image = new TreeMap<>();
        for (int i = 0; i < keyspace.databaseCount(); i++) {
            int number = i;
            keyspace.database(i).forEachStored((slot, entry) -> {
                byte[] key = slot.key(entry, new ByteSpan()).toByteArray();
                image.put(name(number, key), text(record(slot, entry, cutMs)));
            });
        }
        return image;
    }

    /** What the snapshot has given so far, by {@code database:key}; a key that came twice fails. */
    Map<String, String> written() {
        Map<String, String> image = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(stream.toByteArray());
        int database = -1;
        while (in.hasRemaining()) {
            if (in.get() == RUN) {
                database = in.getInt();
                continue;
            }
            String name = name(database, bytes(in));
            if (image.put(name, text(bytes(in))) != null) {
                throw new AssertionError(name + " was written twice");
            }
        }
        return image;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }

    private byte[] record(Slot slot, long entry, long cutMs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RdbWriter out = new RdbWriter(span -> bytes.writeBytes(span.toByteArray()), true)) {
            rdb.write(out, slot, entry, cutMs);
            out.flush();
        }
        return bytes.toByteArray();
    }

    private static String name(int database, byte[] key) {
        return database + ":" + text(key);
    }

    /** The slot of {@code database:key}. */
    static int slot(String name) {
        String key = name.substring(name.indexOf(':') + 1);
        try (NativeBuffer bytes = new NativeBuffer(Math.max(1, key.length()))) {
            return HashSlot.of(bytes.put(key.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean isCompressing() {
        return false;
    }

    @Override
    public void libraries(RdbWriter out, Libraries libraries) {
        throw new AssertionError("nobody has loaded libraries of functions");
    }

    @Override
    public void announce(RdbWriter out, int number, long keys, long expiring) {
        select(out, number);
    }

    @Override
    public void select(RdbWriter out, int number) {
        out.writeByte(RUN);
        write(out, number);
    }

    @Override
    public void write(RdbWriter out, Slot slot, long entry, long cutMs) {
        out.writeByte(RECORD);
        write(out, slot.key(entry, new ByteSpan()).toByteArray());
        write(out, record(slot, entry, cutMs));
    }

    private static void write(RdbWriter out, byte[] bytes) {
        write(out, bytes.length);
        for (byte each : bytes) {
            out.writeByte(each);
        }
    }

    private static void write(RdbWriter out, int number) {
        for (byte each : ByteBuffer.allocate(Integer.BYTES).putInt(number).array()) {
            out.writeByte(each);
        }
    }

    @Override
    public void write(ByteSpan bytes) {
        stream.writeBytes(bytes.toByteArray());
    }
}
