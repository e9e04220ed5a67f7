package dev.slotmesh.server.replication;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Suspension;

/** WAIT: the client's next command waits until replicas have what the client wrote. */
final class WaitCommand {
    private static final ErrorReply ON_A_REPLICA = new ErrorReply(
            "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured"
                    + " to be writable (which is not the default) writes to replicas are just local and are not propagated.");
    private static final ErrorReply BAD_TIMEOUT =
            new ErrorReply("ERR timeout is not an integer or out of range");
    private static final ErrorReply NEGATIVE_TIMEOUT = new ErrorReply("ERR timeout is negative");
    private static final String UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

    private final ReplicationState state;
    private final Acknowledgements acknowledgements;

    WaitCommand(ReplicationState state, Acknowledgements acknowledgements) {
        this.state = state;
        this.acknowledgements = acknowledgements;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("wait", this::await);
    }

    private void await(Call call) {
        if (state.isReplica()) {
            throw ON_A_REPLICA;
        }
        long replicas = call.integer(1);
        long timeoutMs = timeout(call);
        long offset = call.client().writtenOffset();
        int count = acknowledgements.count(offset);
        if (count >= replicas || !call.mayWait()) {
            call.reply().integer(count);
            return;
        }
        new Waiting(call, offset, (int) Math.min(Integer.MAX_VALUE, replicas)).begin(timeoutMs);
    }

    private static long timeout(Call call) {
        long timeoutMs = call.integer(2, BAD_TIMEOUT);
        if (timeoutMs < 0) {
            throw NEGATIVE_TIMEOUT;
        }
        // Later than any clock will show is never.
        return timeoutMs > Long.MAX_VALUE - call.nowMs() ? 0 : timeoutMs;
    }

    /** One client that waits; its timer belongs to its loop. */
    private final class Waiting {
        private final Suspension suspension;
        private final Connection connection;
        private final Acknowledgements.Waiter waiter;
        private Connection.Timer timer = () -> {};

        Waiting(Call call, long offset, int replicas) {
            this.connection = call.session().connection();
            this.suspension = call.suspendReading();
            this.waiter = new Acknowledgements.Waiter(offset, replicas, this::answer);
        }

        void begin(long timeoutMs) {
            suspension.whenAbandoned(this::giveUp);
            suspension.whenUnblocked(withError -> {
                boolean ended = acknowledgements.giveUp(waiter);
                if (ended && withError) {
                    suspension.resume(reply -> reply.error(UNBLOCKED));
                } else if (ended) {
                    answer();
                }
                return ended;
            });
            if (timeoutMs > 0) {
                timer = connection.schedule(timeoutMs, this::timeout);
            }
            acknowledgements.await(waiter);
        }

        private void timeout() {
            if (acknowledgements.giveUp(waiter)) {
                answer();
            }
        }

        private void giveUp() {
            acknowledgements.giveUp(waiter);
            timer.cancel();
        }

        private void answer() {
            suspension.resume(reply -> {
                timer.cancel();
                reply.integer(acknowledgements.count(waiter.offset()));
            });
        }
    }
}
