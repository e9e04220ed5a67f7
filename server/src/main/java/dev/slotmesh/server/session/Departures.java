package dev.slotmesh.server.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The way out of the sessions of one event loop. When replies have to pass a {@link ReplyGate}, they leave together, once the
 * loop has served every client that had sent something: a write to a file, or its forcing to disk, is shared by all of them.
 * Confined to that loop.
 */
final class Departures {
    /** Nobody waits with more unsent bytes than these. */
    private static final long MOST_HELD_BYTES = SessionOutput.CHUNK_BYTES;

    private final Dispatcher dispatcher;
    private List<SessionOutput> waiting = new ArrayList<>();
    private List<SessionOutput> leaving = new ArrayList<>();

    Departures(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Sends what a connection has been given, now or with that of the others. */
    void send(SessionOutput output, Connection connection) {
        if (!dispatcher.isGated()) {
            output.depart(true);
        } else if (connection.pendingBytes() >= MOST_HELD_BYTES) {
            output.depart(dispatcher.passReplies());
        } else if (output.waits()) {
            waiting.add(output);
            if (waiting.size() == 1) {
                connection.execute(this::sendAll);
            }
        }
    }

    private void sendAll() {
        List<SessionOutput> now = waiting;
        waiting = leaving;
        leaving = now;
        boolean passed = dispatcher.passReplies();
        for (int i = 0; i < now.size(); i++) {
            now.get(i).depart(passed);
        }
        now.clear();
    }
}
