package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.replication.ReplicationState.History;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.ReplicaTraits.Trait;

import java.util.function.Supplier;

/** PSYNC and SYNC: a client becomes a replica of this node. */
final class SyncCommands {
    private static final ErrorReply PENDING_OUTPUT =
            new ErrorReply("ERR SYNC and PSYNC are invalid with pending output");
    private static final ErrorReply NOT_LINKED =
            new ErrorReply("NOMASTERLINK Can't SYNC while not connected with my master");
    private static final ErrorReply FAILING_OVER =
            new ErrorReply("NOMASTERLINK Can't SYNC while failing over");
    private static final ErrorReply NOT_A_REPLICA =
            new ErrorReply("ERR PSYNC FAILOVER can't be sent to a master.");
    private static final ErrorReply OTHER_HISTORY =
            new ErrorReply("ERR PSYNC FAILOVER replid must match my replid.");
    /** The ID of those who know of none. */
    private static final String ANY_HISTORY = "?";

    private final Configuration configuration;
    private final NodeLog log;
    private final Replicas replicas;
    private final ReplicationState state;
    private final Resyncs resyncs;
    private final Failover failover;
    private final Supplier<Follower> follower;

    SyncCommands(
            Replicas replicas,
            ReplicationState state,
            Resyncs resyncs,
            Failover failover,
            Supplier<Follower> follower) {
        this.configuration = resyncs.parts().configuration();
        this.log = resyncs.parts().log();
        this.replicas = replicas;
        this.state = state;
        this.resyncs = resyncs;
        this.failover = failover;
        this.follower = follower;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("psync", this::psync).bind("sync", this::sync);
    }

    private void sync(Call call) {
        if (!call.session().isReplica()) {
            requireReady(call);
            fullResync(call, true);
        }
    }

    private void psync(Call call) {
        if (call.session().isReplica()) {
            return;
        }
        if (call.count() > 3 && call.is(3, "FAILOVER")) {
            takeOver(call);
        }
        requireReady(call);
        long offset = call.integer(2);
        String id = call.text(1);
        if (goOn(call, id, offset)) {
            replicas.partialSyncs().incrementAndGet();
            return;
        }
        if (!id.startsWith(ANY_HISTORY)) {
            replicas.refusedPartialSyncs().incrementAndGet();
        }
        fullResync(call, false);
    }

    /** The primary hands its role over to this replica. */
    private void takeOver(Call call) {
        if (!state.isReplica()) {
            throw NOT_A_REPLICA;
        }
        if (!call.text(1).equalsIgnoreCase(state.replicationId())) {
            throw OTHER_HISTORY;
        }
        log.notice("Failover request was accepted. This node becomes a primary.");
        failover.takeOver();
    }

    private void requireReady(Call call) {
        if (failover.isUnderWay()) {
            throw FAILING_OVER;
        }
        if (state.isReplica() && !follower.get().isLinkUp()) {
            throw NOT_LINKED;
        }
        if (call.session().unsentBytes() > 0) {
            throw PENDING_OUTPUT;
        }
        if (configuration.get(ReplicationDirectives.REPL_DISABLE_TCP_NODELAY)) {
            call.session().connection().noDelay(false);
        }
    }

    /** A partial resync; false when it is impossible. */
    private boolean goOn(Call call, String id, long offset) {
        History history = state.history();
        boolean known = id.equalsIgnoreCase(history.id())
                || id.equalsIgnoreCase(history.secondId()) && offset <= history.secondOffset();
        if (!known) {
            if (!id.startsWith(ANY_HISTORY)) {
                log.notice("Partial resynchronization not accepted: replica asked for history " + id
                        + " from " + offset + ", this node's are " + history);
            }
            return false;
        }
        ByteChain.Cursor cursor = replicas.stream().open(offset - 1);
        if (cursor == null) {
            log.notice("Unable to partial resync with replica for lack of backlog (replica request"
                    + " was: " + offset + ").");
            return false;
        }
        Replica replica = new Replica(call.session(), false, replicas, call.nowMs());
        replica.attach();
        boolean tellsId = replica.traits().has(Trait.NEW_HISTORY);
        replica.followNow(cursor, tellsId ? "+CONTINUE " + history.id() + "\r\n" : "+CONTINUE\r\n");
        replicas.add(replica);
        log.notice("Partial resynchronization request from " + replica.name()
                + " accepted. Sending " + cursor.behind()
                + " bytes of backlog starting from offset " + offset + ".");
        replicas.online(replica);
        replica.wake();
        return true;
    }

    private void fullResync(Call call, boolean old) {
        replicas.fullSyncs().incrementAndGet();
        Replica replica = new Replica(call.session(), old, replicas, call.nowMs());
        log.notice("Replica " + replica.name() + " asks for synchronization");
        replica.attach();
        call.underWorldLock(() -> beginStream(call, replica));
        resyncs.request(replica);
    }

    /**
     * With the first replica the node begins to keep its stream, under an ID that stands for nothing that came before. The replica
     * is there from the same moment on, or nobody would seem to need the stream.
     */
    private void beginStream(Call call, Replica replica) {
        if (!replicas.stream().isRecording()) {
            if (!state.isReplica()) {
                state.renew();
            }
            replicas.stream().activate();
            call.dispatcher().commandLog().review();
        }
        replicas.add(replica);
    }
}
