package dev.slotmesh.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What clients of one event loop are to be sent besides replies, in the order in which anybody has put it there. Whoever puts
 * something in wakes the loop once; the loop writes everything there is to its clients and flushes each of them once.
 *
 * <p>{@link #add} on any thread, the rest on the loop.
 */
final class Mailbox {
    private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final List<Session> written = new ArrayList<>();

    private record Letter(Session to, Push push) {}

    void add(Session to, Push push) {
        letters.add(new Letter(to, push));
        if (awake.compareAndSet(false, true)) {
            to.connection().execute(this::deliver);
        }
    }

    private void deliver() {
        awake.set(false);
        writeAll();
        for (int i = 0; i < written.size(); i++) {
            written.get(i).pushes().flush();
        }
        written.clear();
    }

    /** Writes everything to the outputs of its clients. What is written before {@link #deliver} runs is flushed by that. */
    void writeAll() {
        for (Letter letter = letters.poll(); letter != null; letter = letters.poll()) {
            if (letter.to.pushes().deliver(letter.push)) {
                written.add(letter.to);
            }
        }
    }
}
