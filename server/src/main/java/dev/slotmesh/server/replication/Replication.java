package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.OutputBufferLimits;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Snapshots;
import dev.slotmesh.server.report.ReportText;
import dev.slotmesh.server.session.AckWrites;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Confirmations;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Pause;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.SessionLimits;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** All of a node's replication: the entry to this room. Made by the node; thread safe. */
public final class Replication {
    private static final ErrorReply TOO_FEW_REPLICAS =
            new ErrorReply("NOREPLICAS Not enough good replicas to write.");
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int TURNS_PER_SECOND = 10;

    private final Configuration configuration;
    private final Supplier<Dispatcher> dispatcher;
    private final ReplicationLog log;
    private final ReplicationState state;
    /** Set once, before anything else is asked. */
    private Follower follower;
    /** Likewise. */
    private WriteStop writeStop;

    private final Replicas replicas;
    private final Resyncs resyncs;
    private final Failover failover;
    private final ReplicationReport report;
    /** Of the thread of {@link #turn}. */
    private long turns;

    private long secondsSincePing;

    /** What the room needs of the rest of the node; the dispatcher is asked for when the node runs. */
    public record Parts(
            Configuration configuration,
            NodeLog log,
            Keyspace keyspace,
            Snapshots snapshots,
            Supplier<Dispatcher> dispatcher) {}

    public Replication(Parts parts, SecureRandom random) {
        this.configuration = parts.configuration();
        this.dispatcher = parts.dispatcher();
        this.log = new ReplicationLog(
                () -> configuration.get(ReplicationDirectives.REPL_BACKLOG_SIZE),
                parts.keyspace().memoryAccount()::addService);
        this.state = new ReplicationState(random, log);
        this.replicas = new Replicas(configuration, parts.log(), log);
        this.failover = new Failover(
                parts.log(),
                replicas,
                () -> dispatcher.get().pause(),
                () -> dispatcher.get().resumePaused());
        this.resyncs = new Resyncs(
                new Resyncs.Parts(configuration, parts.log(), parts.keyspace(), parts.snapshots()),
                replicas,
                state,
                random);
        this.report =
                new ReplicationReport(configuration, state, replicas, failover, this::follower);
    }

    /** Binds the commands of the primary's side. */
    public void bind(CommandBindings bindings) {
        new SyncCommands(replicas, state, resyncs, failover, this::follower).bind(bindings);
        new ReplconfCommand(replicas, failover).bind(bindings);
        new WaitCommand(state, replicas.acknowledgements()).bind(bindings);
        new RoleCommand(state, replicas, this::follower).bind(bindings);
        new FailoverCommand(state, replicas, failover).bind(bindings);
    }

    /** Begins, when everything is there and before clients come. */
    public void start() {
        configuration.listen(ReplicationDirectives.REPL_BACKLOG_SIZE, (was, now) -> {
            log.trim();
            return Optional.empty();
        });
        Dispatcher running = dispatcher.get();
        running.confirmations(replicas.acknowledgements());
        running.ackWrites(ackWrites());
        configuration.listen(ReplicationDirectives.REPLICA_ACK_WRITES, (was, now) -> {
            running.ackWrites(ackWrites());
            return Optional.empty();
        });
        configuration.listen(ReplicationDirectives.REPLICA_ACK_TIMEOUT, (was, now) -> {
            running.ackWrites(ackWrites());
            return Optional.empty();
        });
        running.keyspace().locks().lockWorld();
        try {
            running.commandLog().attachReplication(log);
        } finally {
            running.keyspace().locks().unlockWorld();
        }
    }

    /** Makes the replica's side, as soon as there is something to apply commands with. */
    public void prepareToFollow(Follower.Parts parts) {
        follower = new Follower(parts, state, log, failover);
        failover.roles(follower);
        Dispatcher prepared = parts.dispatcher();
        writeStop =
                new WriteStop(prepared.keyspace(), prepared, state, replicas.acknowledgements());
    }

    /** Lets the data set stand still while the cluster has a replica take over. */
    public WriteStop writeStop() {
        return writeStop;
    }

    /** Whether this node is about to hand its role over. */
    public boolean isFailingOver() {
        return failover.isUnderWay();
    }

    /** The replica's side: whom this node follows. */
    public Follower follower() {
        return follower;
    }

    private AckWrites ackWrites() {
        return new AckWrites(
                configuration.getInt(ReplicationDirectives.REPLICA_ACK_WRITES),
                configuration.get(ReplicationDirectives.REPLICA_ACK_TIMEOUT));
    }

    /** Role, IDs and offsets. */
    public ReplicationState state() {
        return state;
    }

    /** The stream. */
    public ReplicationLog log() {
        return log;
    }

    /** Replicas connected to this node, whatever their state. */
    public int replicaCount() {
        return replicas.count();
    }

    /** Replicas that follow the stream. */
    public int onlineReplicas() {
        return replicas.onlineCount();
    }

    /** Who knows what replicas have. */
    public Confirmations confirmations() {
        return replicas.acknowledgements();
    }

    /** Native memory that the backlog has, bytes. */
    public long backlogBytes() {
        return Math.min(
                log.memoryBytes(), configuration.get(ReplicationDirectives.REPL_BACKLOG_SIZE));
    }

    /** Bytes that replicas have yet to be sent and that nothing else keeps. */
    public long replicaBufferBytes() {
        long slowest = 0;
        for (Replica replica : replicas.all()) {
            slowest = Math.max(slowest, replica.heldBytes());
        }
        return slowest;
    }

    /** What a file of the present data set tells of its history, empty when it belongs to none. The world lock is held. */
    public Map<String, String> savedHead() {
        SavedHistory saved = null;
        if (state.isReplica()) {
            saved = follower.savedHistory();
        } else if (log.isRecording()) {
            saved = new SavedHistory(state.replicationId(), log.endOffset(), log.readerBegins());
        }
        return saved == null ? Map.of() : saved.head();
    }

    /** Of each replica that has not acknowledged all there is, a line for the log. */
    public List<String> lagging() {
        long end = log.endOffset();
        List<String> lines = new ArrayList<>();
        for (Replica replica : replicas.all()) {
            if (replica.acknowledged() != end) {
                lines.add("Lagging replica " + replica.name() + " reported offset "
                        + (end - replica.acknowledged()) + " behind master, state="
                        + replica.phase().word + ".");
            }
        }
        return lines;
    }

    /** Ends the connections of all replicas, which will ask how to go on: what they follow is not what it was. Any thread. */
    public void dropReplicas() {
        replicas.dropAll();
    }

    /** Clients that wait for replicas. */
    public int waitingCount() {
        return replicas.acknowledgements().waitingCount();
    }

    /** Why a primary does not execute a command now, for want of replicas; null if it does. Costs one volatile read. */
    public ErrorReply refusal(Session session, CommandSpec spec) {
        long least = configuration.get(ReplicationDirectives.MIN_REPLICAS_TO_WRITE);
        if (least == 0 || replicas.goodCount() >= least || state.isReplica()) {
            return null;
        }
        boolean writes = spec.has(CommandFlags.WRITE)
                || spec.name().equals("exec") && session.hasQueued(CommandFlags.WRITE);
        boolean asked = configuration.get(ReplicationDirectives.MIN_REPLICAS_MAX_LAG) > 0;
        return writes && asked ? TOO_FEW_REPLICAS : null;
    }

    /**
     * How much a replica may leave unread. A limit below the backlog's size would end connections that a partial resync has
     * just begun.
     */
    public SessionLimits.Output outputLimit(OutputBufferLimits.Limit limit) {
        long hard = limit.hardBytes();
        if (hard > 0) {
            hard = Math.max(hard, configuration.get(ReplicationDirectives.REPL_BACKLOG_SIZE));
        }
        return new SessionLimits.Output(
                hard, limit.softBytes(), TimeUnit.SECONDS.toMillis(limit.softSeconds()));
    }

    /** The periodic work, ten times a second on one thread that holds no lock. */
    public void turn(long nowMs) {
        turns++;
        failover.review(nowMs);
        resyncs.review(nowMs);
        if (turns % TURNS_PER_SECOND == 0) {
            replicas.tend(nowMs);
            ping();
            forgetBacklog(nowMs);
        }
    }

    /** Replicas tell a silent primary from a dead one by this. Not while writes are put off: the offset must stand still. */
    private void ping() {
        secondsSincePing++;
        if (secondsSincePing < configuration.get(ReplicationDirectives.REPL_PING_REPLICA_PERIOD)) {
            return;
        }
        secondsSincePing = 0;
        if (!replicas.isEmpty()
                && !failover.isUnderWay()
                && dispatcher.get().pause().kind() == Pause.Kind.NONE) {
            log.append(PING);
        }
    }

    /** Nobody has come back for so long that the backlog is not worth its memory. */
    private void forgetBacklog(long nowMs) {
        long ttl = configuration.get(ReplicationDirectives.REPL_BACKLOG_TTL);
        boolean due = ttl > 0
                && log.isRecording()
                && replicas.isEmpty()
                && !state.isReplica()
                && nowMs - replicas.noneSinceMs() > TimeUnit.SECONDS.toMillis(ttl);
        if (!due) {
            return;
        }
        Dispatcher running = dispatcher.get();
        running.keyspace().locks().lockWorld();
        try {
            if (replicas.isEmpty() && !state.isReplica()) {
                // Writes from now on are not counted: the offset would mean nothing under the old
                // ID.
                state.renew();
                log.deactivate();
                running.commandLog().review();
            }
        } finally {
            running.keyspace().locks().unlockWorld();
        }
    }

    /** INFO replication. */
    public void report(ReportText out) {
        report.write(out);
    }

    /** The counts of resyncs in INFO stats. */
    public void reportCounts(ReportText out) {
        report.counts(out);
    }

    /** CONFIG RESETSTAT. */
    public void resetCounts() {
        replicas.resetCounts();
    }

    /** The node ends, and its connections have. */
    public void close() {
        log.close();
    }
}
