package dev.slotmesh.server.commands.migrate;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.rdb.DumpPayload;
import dev.slotmesh.server.session.ChangeWatch;
import dev.slotmesh.server.session.Dispatcher;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One MIGRATE under way, on one thread.
 *
 * <p>A key is written down under its slot's lock and watched; then the lock is let go while the other server stores it. When that is
 * confirmed, the key is deleted here if it was not changed meanwhile. If it was, it is sent again; if it is gone here, it is
 * deleted over there. What is changed all the time is sent the last time with its slot's lock held.
 */
final class Migration {
    private static final int ROUNDS_WITHOUT_LOCK = 3;
    private static final int FIRST_PAYLOAD_BYTES = 4096;
    private static final int FIRST_NAME_BYTES = 128;
    private static final byte[] REPLACE = ascii("REPLACE");
    private static final byte[] DEL = ascii("DEL");
    private static final byte[] ASKING = ascii("ASKING");
    private static final String TARGET_ERROR = "ERR Target instance replied with error: ";
    private static final String OK = "OK";
    private static final String NO_KEY = "NOKEY";

    private final Source source;
    private final MigrateRequest request;
    private final TargetConnections connections;

    private TargetConnection connection;
    private boolean fresh;
    /** The first error of the other server, as the client gets it; null when there was none. */
    private String error;

    private boolean anySent;
    /** Keys may not be deleted here any more. */
    private boolean heldBack;

    /**
     * Where the keys are.
     *
     * @param database the client's
     * @param inCluster whether the other server has to be told that it is asked
     * @param compressing whether long strings are compressed
     * @param mayWrite whether keys may be deleted at this moment; asked under a slot's lock
     */
    record Source(
            Dispatcher dispatcher,
            int database,
            boolean inCluster,
            BooleanSupplier compressing,
            BooleanSupplier mayWrite) {
        Keyspace keyspace() {
            return dispatcher.keyspace();
        }
    }

    /** One key on its way. */
    private static final class Item {
        final byte[] key;
        final int slot;
        /** While it is on its way: whether it was changed here. */
        ChangeWatch watch;
        /** It was stored over there by this command. */
        boolean stored;

        Item(byte[] key, int slot) {
            this.key = key;
            this.slot = slot;
        }
    }

    Migration(Source source, MigrateRequest request, TargetConnections connections) {
        this.source = source;
        this.request = request;
        this.connections = connections;
    }

    /** Carries it out; returns the status line or, beginning with a code in capitals, the error that the client is told. */
    String run() {
        List<Item> items = new ArrayList<>();
        try (NativeBuffer name = new NativeBuffer(FIRST_NAME_BYTES)) {
            for (byte[] key : request.keys()) {
                items.add(new Item(key, HashSlot.of(name.put(key))));
            }
        }
        try {
            firstRound(items);
            if (!anySent) {
                return NO_KEY;
            }
            settle(items);
            giveBack(true);
            return error == null ? OK : error;
        } catch (TargetFailure failure) {
            giveBack(false);
            return error == null ? failure.getMessage() : error;
        } finally {
            items.forEach(this::endWatch);
            giveBack(false);
        }
    }

    /** A kept connection may have been closed by the other end meanwhile: then another one is tried once. */
    private void firstRound(List<Item> items) throws TargetFailure {
        try {
            sendAll(items, false);
        } catch (TargetFailure failure) {
            boolean answered = error != null || items.stream().anyMatch(item -> item.stored);
            if (failure.isTimeout() || fresh || answered || connection == null) {
                throw failure;
            }
            giveBack(false);
            items.forEach(this::endWatch);
            connection = TargetConnection.open(request.target(), request.timeoutMs());
            fresh = true;
            sendAll(items, false);
        }
    }

    /** Deletes here what is stored there, as it is. */
    private void settle(List<Item> items) throws TargetFailure {
        if (request.copy()) {
            return;
        }
        List<Item> open = new ArrayList<>(items);
        open.removeIf(item -> !item.stored);
        for (int round = 1; !open.isEmpty(); round++) {
            open.removeIf(this::deleteHere);
            if (open.isEmpty() || heldBack) {
                return;
            }
            if (round < ROUNDS_WITHOUT_LOCK) {
                sendAll(open, true);
                open.removeIf(item -> !item.stored);
            } else {
                for (Item item : open) {
                    moveLocked(item);
                }
                return;
            }
        }
    }

    /** Returns whether there is nothing more to do about the key. */
    private boolean deleteHere(Item item) {
        source.keyspace().locks().lock(item.slot);
        try (NativeBuffer name = new NativeBuffer(FIRST_NAME_BYTES)) {
            Slot slot = slot(item);
            long entry = slot.find(name.put(item.key), System.currentTimeMillis());
            boolean changed = item.watch == null || item.watch.isBroken();
            endWatch(item);
            if (entry == Slot.ABSENT || changed) {
                return false;
            }
            if (!source.mayWrite().getAsBoolean()) {
                heldBack = true;
                error = "TRYAGAIN The key was copied, but may not be deleted here at this moment";
                return true;
            }
            source.dispatcher().delete(slot, entry);
            return true;
        } finally {
            source.keyspace().locks().unlock(item.slot);
        }
    }

    private void moveLocked(Item item) throws TargetFailure {
        source.keyspace().locks().lock(item.slot);
        try {
            sendAll(List.of(item), true);
            if (item.stored) {
                deleteHere(item);
            }
        } finally {
            source.keyspace().locks().unlock(item.slot);
        }
    }

    private Slot slot(Item item) {
        return source.keyspace().database(source.database()).slot(item.slot);
    }

    private void endWatch(Item item) {
        if (item.watch != null) {
            source.keyspace().locks().lock(item.slot);
            try {
                item.watch.end();
                item.watch = null;
            } finally {
                source.keyspace().locks().unlock(item.slot);
            }
        }
    }

    /**
     * Sends keys and reads what the other server says to each.
     *
     * @param again they were stored over there before: what they are now replaces that, and what is gone here goes there too
     */
    private void sendAll(List<Item> items, boolean again) throws TargetFailure {
        List<Item> sent = new ArrayList<>();
        int preludes = 0;
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(FIRST_PAYLOAD_BYTES);
        try (NativeBuffer name = new NativeBuffer(FIRST_NAME_BYTES)) {
            for (Item item : items) {
                long ttlMs = writeDown(item, name, payload);
                boolean gone = ttlMs < 0;
                if (gone && !again) {
                    continue;
                }
                if (sent.isEmpty()) {
                    preludes = sendPrelude(again);
                }
                if (gone) {
                    sendDeletion(item);
                } else {
                    sendRestore(item, payload, ttlMs, again);
                }
                item.stored = false;
                sent.add(item);
                anySent = true;
            }
        } finally {
            payload.release();
        }
        readReplies(sent, preludes);
    }

    /** The key's payload; returns the time it has left, 0 for ever, -1 when it is not there. */
    private long writeDown(Item item, NativeBuffer name, ByteBuf payload) {
        source.keyspace().locks().lock(item.slot);
        try {
            Slot slot = slot(item);
            long nowMs = System.currentTimeMillis();
            long entry = slot.find(name.put(item.key), nowMs);
            if (entry == Slot.ABSENT) {
                return -1;
            }
            payload.clear();
            boolean compressing = source.compressing().getAsBoolean();
            DumpPayload.write(bytes -> append(payload, bytes), slot, entry, compressing, nowMs);
            if (!request.copy()) {
                item.watch = source.dispatcher().watch(slot, item.key);
            }
            long deadlineMs = slot.expireAt(entry);
            return deadlineMs == Slot.NO_EXPIRY ? 0 : Math.max(1, deadlineMs - nowMs);
        } finally {
            source.keyspace().locks().unlock(item.slot);
        }
    }

    private static void append(ByteBuf payload, ByteSpan bytes) {
        payload.ensureWritable(bytes.length());
        bytes.copyTo(payload.memoryAddress() + payload.writerIndex());
        payload.writerIndex(payload.writerIndex() + bytes.length());
    }

    /** Connects if need be; returns how many replies come before those to the keys. */
    private int sendPrelude(boolean again) throws TargetFailure {
        if (connection == null) {
            connection = connections.take(request.target());
            fresh = connection == null;
            if (fresh) {
                connection = TargetConnection.open(request.target(), request.timeoutMs());
            }
        }
        int preludes = 0;
        if (!request.login().isEmpty() && !again) {
            List<byte[]> login = new ArrayList<>(List.of(ascii("AUTH")));
            login.addAll(request.login());
            connection.write(request.timeoutMs(), login);
            preludes++;
        }
        if (connection.database != request.database()) {
            byte[] number = ascii(Long.toString(request.database()));
            connection.write(request.timeoutMs(), List.of(ascii("SELECT"), number));
            preludes++;
        }
        return preludes;
    }

    private void sendRestore(Item item, ByteBuf payload, long ttlMs, boolean again)
            throws TargetFailure {
        byte[] command = ascii(source.inCluster() ? "RESTORE-ASKING" : "RESTORE");
        connection.write(
                request.timeoutMs(),
                List.of(command, item.key, ascii(Long.toString(ttlMs))),
                payload,
                request.replace() || again ? List.of(REPLACE) : List.of());
    }

    private void sendDeletion(Item item) throws TargetFailure {
        if (source.inCluster()) {
            connection.write(request.timeoutMs(), List.of(ASKING));
        }
        connection.write(request.timeoutMs(), List.of(DEL, item.key));
    }

    private void readReplies(List<Item> sent, int preludes) throws TargetFailure {
        if (sent.isEmpty()) {
            return;
        }
        boolean refused = false;
        for (int i = 0; i < preludes; i++) {
            refused |= !isGood(connection.readLine(request.timeoutMs()));
        }
        for (Item item : sent) {
            boolean deletion = item.watch == null && !request.copy();
            if (deletion && source.inCluster()) {
                isGood(connection.readLine(request.timeoutMs()));
            }
            boolean good = isGood(connection.readLine(request.timeoutMs()));
            item.stored = good && !refused && !deletion;
        }
        connection.database = error == null ? request.database() : -1;
    }

    private boolean isGood(String line) {
        boolean good = !line.startsWith("-");
        if (!good && error == null) {
            error = TARGET_ERROR + line.substring(1);
        }
        return good;
    }

    private void giveBack(boolean works) {
        if (connection != null && works) {
            connections.keep(request.target(), connection);
        } else if (connection != null) {
            connection.close();
        }
        connection = null;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
