package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/** A keyspace under test whose whole world the calling thread holds, with text in and out. */
final class SmallKeyspace implements AutoCloseable {
    static final long NOW = 1_700_000_000_000L;

    final Keyspace keyspace;
    final Database database;
    private final NativeBuffer keyBuffer = new NativeBuffer(64);
    private final NativeBuffer valueBuffer = new NativeBuffer(64);
    private final ByteSpan span = new ByteSpan();

    SmallKeyspace() {
        this(new KeyspaceSettings(2, false, 4, 12345));
    }

    SmallKeyspace(KeyspaceSettings settings) {
        keyspace = new Keyspace(settings);
        database = keyspace.database(0);
        keyspace.locks().lockWorld();
    }

    Slot slot(int number) {
        return database.slot(number);
    }

    ByteSpan key(String text) {
        return keyBuffer.put(text);
    }

    ByteSpan value(String text) {
        return valueBuffer.put(text);
    }

    long put(int slot, String key, String value) {
        return put(slot, key, value, Slot.NO_EXPIRY);
    }

    long put(int slot, String key, String value, long expireAtMs) {
        return slot(slot).putString(key(key), value(value), expireAtMs, NOW);
    }

    String get(int slot, String key, long nowMs) {
        long entry = slot(slot).find(key(key), nowMs);
        return entry == Slot.ABSENT ? null : text(slot(slot).stringValue(entry, span));
    }

    String get(int slot, String key) {
        return get(slot, key, NOW);
    }

    String encoding(int slot, String key) {
        Slot at = slot(slot);
        return at.encoding(at.peek(key(key), NOW)).wireName();
    }

    static String text(ByteSpan bytes) {
        return new String(bytes.toByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        keyspace.locks().unlockWorld();
        keyspace.close();
        keyBuffer.close();
        valueBuffer.close();
    }
}
