package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.ReadAhead;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.Request;
import dev.slotmesh.server.command.CommandSpec;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * Pipelined requests of one client, decoded together: any number of <i>plain</i> ones (commands of one key that never
 * wait) and at most one other, the last.
 *
 * <p>The locks of the plain commands' slots can be taken all at once, in ascending order as everywhere, so that no lock
 * operation lies between the commands and their keys can be read ahead. Each command is as atomic as alone; other clients
 * of these slots wait some microseconds more.
 *
 * <p>One per event loop, filled and emptied within one turn of it.
 */
final class Batch {
    /** Most requests in a batch. */
    static final int MOST = 32;

    private final Request[] requests = new Request[MOST];
    private final CommandSpec[] specs = new CommandSpec[MOST];
    private final int[] slots = new int[MOST];
    private final int[] locked = new int[MOST];
    private final ReadAhead readAhead = new ReadAhead(MOST);
    private final ByteSpan key = new ByteSpan();
    private int size;
    private int plain;
    private int lockedCount;
    /** Where in the input the requests begin, and where each ends. */
    private int start;

    private final int[] ends = new int[MOST];

    Batch() {
        Arrays.setAll(requests, i -> new Request());
    }

    /** Empties the batch; the next request begins here in the input, or behind what is passed over in silence. */
    void clear(int inputIndex) {
        size = 0;
        plain = 0;
        start = inputIndex;
    }

    /** Where request {@code i} begins in the input, with what was passed over before it. */
    int start(int i) {
        return i == 0 ? start : ends[i - 1];
    }

    /** Where request {@code i} ends in the input. */
    int end(int i) {
        return ends[i];
    }

    int size() {
        return size;
    }

    /** How many of the requests, from the first on, are plain. */
    int plain() {
        return plain;
    }

    /** The request to decode into next; it belongs to the batch once {@link #add} was called. */
    Request next() {
        return requests[size];
    }

    /** Adds the request decoded last, of this command or of none (null). */
    void add(CommandSpec spec) {
        ends[size] = requests[size].buffer().readerIndex();
        specs[size++] = spec;
    }

    /** Adds the request decoded last, which is plain and has its key at this argument. */
    void addPlain(CommandSpec spec, int keyArgument) {
        slots[size] = HashSlot.of(keyOf(requests[size], keyArgument));
        add(spec);
        plain = size;
    }

    private ByteSpan keyOf(Request request, int argument) {
        ByteBuf buffer = request.buffer();
        return key.set(buffer.memoryAddress() + request.offset(argument), request.length(argument));
    }

    Request request(int i) {
        return requests[i];
    }

    /** Gives a request away; the batch gets a new one in its place. */
    Request take(int i) {
        Request taken = requests[i];
        requests[i] = new Request();
        return taken;
    }

    CommandSpec spec(int i) {
        return specs[i];
    }

    /** Slot of a plain request's key. */
    int slot(int i) {
        return slots[i];
    }

    /**
     * Takes the locks of all plain requests' slots.
     *
     * @param timeoutMs how long to wait for each that is held by others
     * @return false when one was not free in time; none is held then
     */
    boolean lock(SlotLocks locks, long timeoutMs) {
        collectSlots(locks.shared());
        for (int i = 0; i < lockedCount; i++) {
            if (!locks.tryLock(locked[i]) && !locks.tryLock(locked[i], timeoutMs)) {
                lockedCount = i;
                unlock(locks);
                return false;
            }
        }
        return true;
    }

    /** Notes the slots to lock, ascending and each once; just one where all share a lock. */
    private void collectSlots(boolean shared) {
        lockedCount = shared ? 1 : plain;
        System.arraycopy(slots, 0, locked, 0, lockedCount);
        for (int i = 1; i < lockedCount; i++) {
            int slot = locked[i];
            int at = i;
            while (at > 0 && locked[at - 1] > slot) {
                locked[at] = locked[at - 1];
                at--;
            }
            locked[at] = slot;
        }
        int kept = 1;
        for (int i = 1; i < lockedCount; i++) {
            if (locked[i] != locked[kept - 1]) {
                locked[kept++] = locked[i];
            }
        }
        lockedCount = kept;
    }

    /** Gives back what {@link #lock} took. */
    void unlock(SlotLocks locks) {
        for (int i = lockedCount - 1; i >= 0; i--) {
            locks.unlock(locked[i]);
        }
        lockedCount = 0;
    }

    /**
     * Brings the plain requests' keys into the cache, and in large hashes, sets and sorted sets the elements they name; their
     * locks are held.
     */
    void readAhead(Database database, int[] keyArguments) {
        readAhead.clear();
        for (int i = 0; i < plain; i++) {
            readAhead.add(
                    database.slot(slots[i]), keyOf(requests[i], keyArguments[specs[i].index()]));
        }
        if (readAhead.run()) {
            for (int i = 0; i < plain; i++) {
                int key = keyArguments[specs[i].index()];
                int last = requests[i].argumentCount() - 1;
                if (readAhead.leadsToTable(i) && key < last) {
                    int element = readAhead.namesElementLast(i) ? last : key + 1;
                    readAhead.element(i, keyOf(requests[i], element));
                }
            }
            readAhead.runElements();
        }
    }
}
