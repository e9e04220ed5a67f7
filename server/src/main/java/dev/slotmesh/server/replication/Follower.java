package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PrimaryAddress;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.persistence.RdbLoads;
import dev.slotmesh.server.session.Connection;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.system.DaemonThreads;
import dev.slotmesh.server.transport.OutgoingLinks;

import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The replica's side of replication: whom this node follows, the link to it, and what becomes of the data set.
 *
 * <p><b>What is guarded by what.</b> The monitor guards {@code target}, {@code link}, {@code transfer}, {@code stream} and the
 * position to go on from; they are volatile where others read them. The role, the histories and the log's beginning change under
 * the world lock, which is taken before the monitor and never inside it. The stream's bytes are applied and logged on the link's
 * event loop, each command under its slot's lock; {@link AppliedStream#revoke} ends that under the world lock, so nothing is
 * applied after a change of the role.
 *
 * <p><b>Threads.</b> {@code slotmesh-replica} connects, once a second looks for silence, and tells the primary how far we are.
 * {@code slotmesh-image} (see {@link ImageTransfer}) receives and loads. Links call in on their loops. What a link or transfer
 * says that is not the present one any more is not heeded.
 */
public final class Follower implements AutoCloseable, Failover.RoleChange {
    private static final long PERIOD_SECONDS = 1;
    private static final long CLOSE_WAIT_SECONDS = 5;
    private static final int NO_DATABASE = -1;

    private final Parts parts;
    private final Configuration configuration;
    private final FollowerSettings settings;
    private final NodeLog log;
    private final ReplicationState state;
    private final ReplicationLog stream;
    private final Failover failover;
    private final Keyspace keyspace;
    private final DataSet data;
    private final OutgoingLinks outgoing;
    private final ScheduledExecutorService thread;

    private volatile PrimaryAddress target;
    private volatile PrimaryLink link;
    private volatile ImageTransfer transfer;
    private AppliedStream applied;
    /** Whether the data set is that of the present history at the log's end, so that a primary may go on from there. */
    private volatile boolean resumable;

    private int resumedDatabase;
    private volatile long downSinceMs;
    private boolean started;
    private boolean closed;

    /**
     * What the node lends it.
     *
     * @param outlets what else has to happen when role or data change
     */
    public record Parts(
            Configuration configuration,
            NodeLog log,
            Dispatcher dispatcher,
            OutgoingLinks outgoing,
            RdbLoads loads,
            Loading loading,
            FollowerOutlets outlets) {}

    Follower(Parts parts, ReplicationState state, ReplicationLog stream, Failover failover) {
        this.failover = failover;
        this.parts = parts;
        this.configuration = parts.configuration();
        this.settings = new FollowerSettings(configuration);
        this.log = parts.log();
        this.state = state;
        this.stream = stream;
        this.keyspace = parts.dispatcher().keyspace();
        this.data = new DataSet(parts.dispatcher(), parts.outlets());
        this.outgoing = parts.outgoing();
        this.thread =
                Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("slotmesh-replica"));
    }

    /** Makes the node a replica if its configuration says so; before its data set is loaded. */
    public void followConfigured() {
        configuration
                .get(ReplicationDirectives.REPLICAOF)
                .ifPresent(primary -> become(primary, false));
    }

    /**
     * Begins to work: what this node follows by now is connected to.
     *
     * @param fileHead what the file told of itself from which the data set was loaded; empty when there was none
     */
    public void start(Map<String, String> fileHead) {
        keyspace.locks().lockWorld();
        try {
            synchronized (this) {
                SavedHistory.of(fileHead, keyspace.databaseCount()).ifPresent(this::goOnWith);
                started = true;
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
        connectSoon();
        thread.scheduleWithFixedDelay(this::turn, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** The data set is that of a history: a replica may ask for its rest, a primary's replicas for theirs. */
    private void goOnWith(SavedHistory saved) {
        stream.restart(saved.offset());
        stream.activate();
        if (state.isReplica()) {
            state.adopt(saved.id());
            resumable = true;
            resumedDatabase = saved.database();
        } else {
            state.restore(new ReplicationState.History(
                    state.replicationId(), saved.id(), saved.offset() + 1));
        }
        parts.outlets().streamChanged();
    }

    /** What a file of this data set tells of its history; null when it belongs to none. The world lock is held. */
    synchronized SavedHistory savedHistory() {
        PrimaryLink now = link;
        Session session = now == null ? null : now.session();
        int database = session == null ? resumedDatabase : session.state().database();
        return resumable
                ? new SavedHistory(state.replicationId(), stream.endOffset(), database)
                : null;
    }

    /** Whom this node follows; null when it is a primary. Any thread. */
    public PrimaryAddress target() {
        return target;
    }

    /**
     * Follows a primary from now on, also if it was followed before. Its data set replaces this node's, unless it goes on where
     * this one's ends. Any thread that holds no slot lock, or all.
     */
    public void follow(PrimaryAddress primary) {
        boolean wasPrimary = become(primary, true);
        if (wasPrimary) {
            log.notice(
                    "Before turning into a replica, using my own master parameters to synthesize a"
                            + " cached master: I may be able to synchronize with the new master with just a partial transfer.");
        }
        connectSoon();
    }

    private boolean become(PrimaryAddress primary, boolean knowsHistory) {
        boolean wasPrimary;
        keyspace.locks().lockWorld();
        try {
            synchronized (this) {
                wasPrimary = !state.isReplica();
                target = primary;
                leave();
                if (wasPrimary) {
                    resumable = knowsHistory;
                    resumedDatabase = 0;
                    state.replica(true);
                    keyspace.expiryMode(ExpiryMode.HIDE);
                    parts.outlets().streamChanged();
                    downSinceMs = 0;
                }
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
        log.role(NodeLog.REPLICA);
        if (wasPrimary) {
            parts.dispatcher().endWaits();
        }
        return wasPrimary;
    }

    /**
     * Is a primary from now on, with the data set it has and under a new history that begins where the old one ends. Any thread
     * that holds no slot lock, or all. Returns false when it was one already.
     */
    public boolean lead() {
        keyspace.locks().lockWorld();
        try {
            synchronized (this) {
                if (!state.isReplica()) {
                    return false;
                }
                leave();
                target = null;
                resumable = false;
                state.shift();
                state.replica(false);
                keyspace.expiryMode(ExpiryMode.DELETE);
                parts.outlets().streamChanged();
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
        log.role(NodeLog.PRIMARY);
        log.notice("Setting secondary replication ID to " + state.history().secondId()
                + ", valid up to offset: " + state.history().secondOffset()
                + ". New replication ID is " + state.replicationId());
        parts.outlets().dropReplicas();
        parts.outlets().settled();
        return true;
    }

    /** Gives the present link up. The world lock and the monitor are held. */
    private void leave() {
        if (applied != null) {
            applied.revoke();
            applied = null;
        }
        PrimaryLink old = link;
        link = null;
        if (old != null) {
            keepDatabase(old);
            old.close();
        }
        if (transfer != null) {
            transfer.cancel();
        }
    }

    private void keepDatabase(PrimaryLink of) {
        Session session = of.session();
        if (session != null) {
            resumedDatabase = session.state().database();
        }
    }

    private void connectSoon() {
        try {
            thread.execute(this::connect);
        } catch (RejectedExecutionException closing) {
            // The node ends, and with it what it follows.
            log.debug("Not connecting to the primary any more");
        }
    }

    /** Makes a new link unless there is one or an image is still being dealt with. On the replica thread. */
    private void connect() {
        PrimaryAddress to = target;
        PrimaryLink made;
        synchronized (this) {
            if (to == null || link != null || transfer != null || closed || !started) {
                return;
            }
            made = new PrimaryLink(this, log);
            link = made;
        }
        log.notice("Connecting to MASTER " + to.host() + ":" + to.port());
        try {
            made.closing(outgoing.open(settings.destination(to), made));
            log.notice("MASTER <-> REPLICA sync started");
        } catch (UnknownHostException unknown) {
            log.warning("Unable to connect to MASTER: " + unknown.getMessage());
            synchronized (this) {
                link = link == made ? null : link;
            }
        }
    }

    private void turn() {
        try {
            PrimaryLink now = link;
            if (now == null) {
                connect();
            } else if (now.silentMs() > settings.timeoutMs()
                    && now.phase() != PrimaryLink.Phase.LOADING) {
                log.warning(
                        switch (now.phase()) {
                            case IMAGE ->
                                "Timeout receiving bulk data from MASTER... If the problem persists try to set the"
                                        + " 'repl-timeout' parameter in redis.conf to a larger value.";
                            case STREAM -> "MASTER timeout: no data nor PING received...";
                            default -> "Timeout connecting to the MASTER...";
                        });
                now.close();
            } else {
                now.tick();
            }
        } catch (RuntimeException | AssertionError mistake) {
            log.warning(
                    "Following the primary failed by a mistake of the server; please report it",
                    mistake);
        }
    }

    /** Who this node is and where it would go on. */
    synchronized Handshake.Introduction introduction() {
        return settings.introduction(
                resumable
                        ? Optional.of(
                                new Handshake.Position(state.replicationId(), stream.endOffset()))
                        : Optional.empty(),
                failover.isHandingOver());
    }

    /** What came of asking the primary to take this node's role over. On the link's loop. */
    void handedOver(boolean accepted) {
        if (accepted) {
            failover.completed();
        } else {
            failover.abort("Failover target rejected psync request");
        }
    }

    @Override
    public void handOverTo(String host, int port) {
        PrimaryAddress primary = new PrimaryAddress(host, port);
        thread.execute(() -> {
            keyspace.locks().lockWorld();
            try {
                // Whoever gives it up meanwhile finds this node a replica, or comes before it is
                // one.
                if (failover.isHandingOver()) {
                    follow(primary);
                    configuration.put(ReplicationDirectives.REPLICAOF, Optional.of(primary));
                }
            } finally {
                keyspace.locks().unlockWorld();
            }
        });
    }

    @Override
    public void becomePrimary() {
        if (lead()) {
            configuration.put(ReplicationDirectives.REPLICAOF, Optional.empty());
        }
    }

    /** The primary goes on where this node's data ends. On the link's loop. Returns false when the link does not count. */
    boolean goesOn(PrimaryLink from, Optional<String> newId) {
        keyspace.locks().lockWorld();
        try {
            synchronized (this) {
                if (from != link) {
                    return false;
                }
                newId.ifPresent(state::follow);
                stream.activate();
                stream.selected(resumedDatabase);
            }
        } finally {
            keyspace.locks().unlockWorld();
        }
        if (newId.isPresent()) {
            parts.outlets().dropReplicas();
        }
        return true;
    }

    /** The database selected where the stream goes on. */
    synchronized int resumedDatabase() {
        return resumedDatabase;
    }

    /** An image comes. On the link's loop. Null when the link does not count or the last image is still being dealt with. */
    synchronized ImageTransfer imageComes(PrimaryLink from, Optional<Handshake.Position> position) {
        if (from != link || transfer != null) {
            return null;
        }
        transfer = new ImageTransfer(
                this,
                from,
                position,
                settings.form(data.keyCount()),
                new ImageTransfer.Parts(
                        keyspace,
                        parts.loads(),
                        parts.loading(),
                        new ImageFiles(configuration),
                        log));
        return transfer;
    }

    /** The image's first byte is there: has its loading begun, unless the node ends. On the link's loop. */
    synchronized void begin(ImageTransfer of) {
        if (!closed) {
            of.begin();
        }
    }

    /** Empties the keyspace for an image. On the loading thread. Returns false when the image is not wanted any more. */
    boolean dropOldData(ImageTransfer of) {
        log.notice("MASTER <-> REPLICA sync: Flushing old data");
        return data.drop(() -> dropping(of));
    }

    private synchronized boolean dropping(ImageTransfer of) {
        boolean wanted = isWanted(of);
        if (wanted) {
            resumable = false;
            state.renew();
            stream.restart(0);
        }
        return wanted;
    }

    /** Whether a transfer is the present one, and its primary still followed. The monitor is held. */
    private boolean isWanted(ImageTransfer of) {
        return transfer == of && !closed && (link == of.link() || link == null && target != null);
    }

    /**
     * Takes a loaded image over as this node's data set. On the loading thread.
     *
     * @param database that the stream has selected at the image's offset
     * @return false when it is not wanted any more; it is then the caller's to discard
     */
    boolean adopt(ImageTransfer of, Keyspace staged, int database) {
        if (of.form() == ImageTransfer.Form.BESIDE) {
            log.notice("MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
            parts.outlets().replacing();
        }
        boolean adopted = data.adopt(staged, () -> adopting(of, database));
        if (adopted || of.form() == ImageTransfer.Form.BESIDE) {
            parts.outlets().settled();
        }
        if (adopted) {
            log.notice("MASTER <-> REPLICA sync: Finished with success");
        }
        return adopted;
    }

    private synchronized boolean adopting(ImageTransfer of, int database) {
        if (!isWanted(of)) {
            return false;
        }
        of.position().ifPresent(position -> state.adopt(position.id()));
        stream.restart(of.position().map(Handshake.Position::offset).orElse(0L));
        stream.activate();
        stream.selected(database);
        resumable = of.position().isPresent();
        resumedDatabase = database;
        return true;
    }

    /** A transfer is over. On the loading thread, its last call. */
    void transferEnded(ImageTransfer of, boolean adopted) {
        PrimaryLink from = null;
        synchronized (this) {
            transfer = null;
            if (of.link() == link) {
                from = link;
            }
        }
        if (from == null && adopted) {
            connectSoon();
        } else if (from == null) {
            log.verbose("The next try to synchronize with the primary comes within a second");
        } else if (adopted) {
            from.loaded();
        } else {
            from.loadingFailed();
        }
    }

    /** The stream of commands begins. On the link's loop. */
    Session streamBegins(PrimaryLink from, Connection connection) {
        AppliedStream begun = new AppliedStream(stream, from::acknowledge, () -> outOfStep(from));
        Session session = parts.dispatcher().admitPrimary(connection, begun);
        session.state().database(resumedDatabase());
        begun.database(session.state()::database);
        synchronized (this) {
            if (from == link) {
                applied = begun;
                downSinceMs = 0;
                return session;
            }
        }
        keyspace.locks().lockWorld();
        try {
            begun.revoke();
        } finally {
            keyspace.locks().unlockWorld();
        }
        return session;
    }

    /** The stream of a primary cannot be gone on with from where it is. */
    private synchronized void outOfStep(PrimaryLink from) {
        if (from == link) {
            log.warning("Discarding the state of the primary: its stream is corrupt.");
            resumable = false;
        }
    }

    /** A link has ended. On its loop, its last call. */
    void closed(PrimaryLink from, PrimaryLink.Phase phase, String reason) {
        PrimaryAddress again;
        synchronized (this) {
            if (from != link) {
                return;
            }
            link = null;
            again = target;
            if (transfer != null && !transfer.hasBegun()) {
                transfer = null;
            }
            if (phase == PrimaryLink.Phase.STREAM) {
                keepDatabase(from);
                applied = null;
                downSinceMs = System.currentTimeMillis();
            }
        }
        switch (phase) {
            case STREAM -> {
                log.warning("Connection with master lost.");
                log.notice("Caching the disconnected master state.");
                log.notice("Reconnecting to MASTER " + again.host() + ":" + again.port());
                connectSoon();
            }
            case CONNECTING, HANDSHAKE ->
                log.warning("Error condition on socket for SYNC: " + reason);
            default -> log.verbose("The link to the primary has ended: " + reason);
        }
    }

    /** Offset of the last byte that was applied. */
    long appliedOffset() {
        return stream.endOffset();
    }

    /** What the node tells of the link. Any thread. */
    public FollowerView view() {
        return FollowerView.of(target, link, downSinceMs, stream.endOffset());
    }

    /** Whether this node is a replica whose data set belongs to no history yet, or no more. Any thread. */
    public boolean isWithoutHistory() {
        return state.isReplica() && !resumable;
    }

    /** Whether the primary's stream is being applied. Any thread. */
    public boolean isLinkUp() {
        PrimaryLink now = link;
        return now != null && now.phase() == PrimaryLink.Phase.STREAM;
    }

    /** Ends the link and what is being loaded; waits for it. Returns false when it did not end in time. */
    public boolean stop() {
        ImageTransfer last;
        synchronized (this) {
            closed = true;
            last = transfer;
            if (link != null) {
                link.close();
            }
            if (last != null) {
                last.cancel();
            }
        }
        thread.shutdownNow();
        try {
            boolean ended = thread.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
            return ended
                    && (last == null || last.join(TimeUnit.SECONDS.toMillis(CLOSE_WAIT_SECONDS)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
