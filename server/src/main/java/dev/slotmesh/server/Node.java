package dev.slotmesh.server;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.rdb.RdbFileSummary;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.cluster.ClusterStartException;
import dev.slotmesh.server.commands.migrate.MigrateCommand;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.GeneralDirectives;
import dev.slotmesh.server.config.KeyspaceEvents;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.OutputBufferLimits;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.config.SecurityDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.migration.SlotMigrations;
import dev.slotmesh.server.persistence.LoadFailure;
import dev.slotmesh.server.persistence.Persistence;
import dev.slotmesh.server.persistence.RdbSaves;
import dev.slotmesh.server.pubsub.KeyEventMessages;
import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.replication.Follower;
import dev.slotmesh.server.replication.ReplicaRules;
import dev.slotmesh.server.replication.Replication;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.Pause;
import dev.slotmesh.server.session.SessionLimits;
import dev.slotmesh.server.session.SlotLoads;
import dev.slotmesh.server.system.DaemonThreads;
import dev.slotmesh.server.transport.IoThreads;
import dev.slotmesh.server.transport.OutgoingLinks;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One running node: keyspace, commands, sockets and, in cluster mode, the cluster bus.
 *
 * <p>{@link #start} returns when clients can connect; {@link #awaitStop} when SHUTDOWN or {@link #requestStop} asked for the
 * end; {@link #close} ends it. Thread safe.
 */
public final class Node implements AutoCloseable {
    private static final long CLOSE_WAIT_SECONDS = 5;
    private static final KeyEvent FIELDS_EXPIRED = KeyEvent.hash("hexpired");

    private final Configuration configuration;
    private final NodeLog log;
    private final RunIdentity identity;
    private final Keyspace keyspace;
    private final ExecutorService background;
    private final MemoryUpkeep memoryUpkeep;
    private final Persistence persistence;
    private final IoThreads threads;
    /** Null when cluster mode is off. */
    private final ClusterService cluster;

    private final Subscriptions subscriptions = new Subscriptions();

    private final Replication replication;
    private final ReplicaRules replicaRules;
    private final Dispatcher dispatcher;
    private final Admission admission;
    private final NodeCron cron;
    private final Shutdown shutdown;
    private final ClientPorts ports;
    private final PidFile pidFile;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final MigrateCommand migrations;
    /** Null when cluster mode is off, and before the dispatcher is there. */
    private final SlotMigrations slotMigrations;

    private volatile boolean failed;

    private Node(Configuration configuration, NodeLog log, SecureRandom random) {
        this.configuration = configuration;
        this.log = log;
        this.pidFile = new PidFile(configuration, log);
        this.identity = RunIdentity.create(random);
        boolean cluster = configuration.get(ClusterDirectives.CLUSTER_ENABLED);
        this.keyspace = new Keyspace(
                cluster
                        ? KeyspaceSettings.cluster(random.nextLong())
                        : KeyspaceSettings.standalone(
                                configuration.getInt(GeneralDirectives.DATABASES),
                                random.nextLong()));
        this.background =
                Executors.newSingleThreadExecutor(DaemonThreads.named("slotmesh-background"));
        this.memoryUpkeep = new MemoryUpkeep(
                configuration,
                keyspace,
                background,
                new ClientEviction(
                        configuration,
                        () -> dispatcher().clients(),
                        keyspace.memoryAccount()::bufferBytes,
                        log),
                () -> replication().writeStop().isActive()
                        || replication().state().isReplica()
                                && configuration.get(
                                        ReplicationDirectives.REPLICA_IGNORE_MAXMEMORY));
        this.persistence = new Persistence(configuration, keyspace, log);
        this.threads =
                new IoThreads(configuration.getInt(NetworkDirectives.IO_THREADS), "slotmesh");
        this.cluster = cluster
                ? new ClusterService(new ClusterService.Parts(
                        "slotmesh",
                        configuration,
                        keyspace,
                        threads,
                        log,
                        new NodeRole(this),
                        subscriptions,
                        this::fail))
                : null;
        this.replication = new Replication(
                new Replication.Parts(
                        configuration, log, keyspace, persistence.snapshots(), this::dispatcher),
                random);
        this.replicaRules =
                new ReplicaRules(configuration, replication, persistence.loading(), cluster);
        this.migrations = new MigrateCommand(
                () -> configuration.get(PersistenceDirectives.RDBCOMPRESSION),
                () -> !replication.state().isReplica()
                        && dispatcher().pause().kind() == Pause.Kind.NONE
                        && !dispatcher().slotStop().isActive(),
                cluster);
        this.dispatcher = new Dispatcher(
                NodeCommands.table(this),
                keyspace,
                cluster ? this.cluster.router() : null,
                limits(),
                new NodeEvents(configuration, log, memoryUpkeep, replicaRules, persistence));
        replication.prepareToFollow(new Follower.Parts(
                configuration,
                log,
                dispatcher,
                new OutgoingLinks(threads),
                persistence.loads(),
                persistence.loading(),
                new NodeFollowing(this)));
        this.slotMigrations = cluster
                ? new SlotMigrations(
                        configuration,
                        log,
                        this.cluster,
                        persistence.snapshots(),
                        new SlotMigrations.Work(dispatcher, replication))
                : null;
        dispatcher.notifications().sink(new KeyEventMessages(subscriptions));
        persistence.prepareAppendOnly(dispatcher, background, this::fail);
        keyspace.expiredFieldLog((slot, entry) -> dispatcher.keyLost(slot, entry, FIELDS_EXPIRED));
        keyspace.fieldRemovalLog(dispatcher::fieldExpiring);
        keyspace.removalLog(dispatcher::removing);
        persistence
                .saves()
                .sources(new RdbSaves.Sources(dispatcher::changeCount, replication::savedHead));
        this.admission = new Admission(configuration, dispatcher);
        this.ports = new ClientPorts(configuration, log, threads, admission);
        this.cron = new NodeCron(configuration, dispatcher, memoryUpkeep, persistence, log);
        cron.add(replication::turn);
        cron.add(nowMs -> migrations.tend());
        slotMigrations().ifPresent(slots -> cron.add(slots::turn));
        this.shutdown = new Shutdown(
                new Shutdown.Parts(configuration, log, persistence, replication, dispatcher),
                this::requestStop);
        cron.add(shutdown::review);
    }

    /**
     * Starts a node and waits until clients can connect.
     *
     * @throws StartFailure when it cannot; nothing is left running
     */
    public static Node start(Configuration configuration, NodeLog log) throws StartFailure {
        Node node = new Node(configuration, log, new SecureRandom());
        try {
            node.run();
            return node;
        } catch (StartFailure | RuntimeException failure) {
            node.close();
            throw failure;
        }
    }

    private void run() throws StartFailure {
        applyLogSettings();
        log.role(NodeLog.PRIMARY);
        String mode = dispatcher.clusterEnabled() ? "cluster" : "standalone";
        log.notice("Running mode=" + mode + ", port=" + port() + ".");
        MissingFeatures missing = new MissingFeatures(configuration, log);
        missing.refuse();
        missing.warn();
        dispatcher.authenticationRequired(
                !configuration.get(SecurityDirectives.REQUIREPASS).isEmpty());
        listenToConfiguration();
        replication.start();
        log.notice("Server initialized");
        startCluster();
        persistence.announceLoad();
        replication.follower().followConfigured();
        ports.open();
        pidFile.write(identity.pid());
        Map<String, String> fileHead = load();
        if (cluster != null) {
            cluster.keysLoaded();
        }
        replication.follower().start(fileHead);
        slotMigrations().ifPresent(SlotMigrations::begin);
        cron.start();
        log.notice("Ready to accept connections");
    }

    private void startCluster() throws StartFailure {
        if (cluster == null) {
            return;
        }
        try {
            cluster.start();
        } catch (ClusterStartException failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    /** Returns what the loaded file tells of itself. */
    private Map<String, String> load() throws StartFailure {
        try {
            return persistence.load().map(RdbFileSummary::aux).orElse(Map.of());
        } catch (LoadFailure failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    private void applyLogSettings() throws StartFailure {
        log.level(configuration.get(GeneralDirectives.LOGLEVEL));
        String file = configuration.get(GeneralDirectives.LOGFILE);
        if (!file.isEmpty()) {
            try {
                log.destination(Optional.of(configuration.path(GeneralDirectives.LOGFILE)));
            } catch (IOException cause) {
                throw new StartFailure("Can't open the log file: " + cause.getMessage(), cause);
            }
        }
    }

    private void listenToConfiguration() {
        new KeyspaceConfiguration(configuration, keyspace).applyAndListen();
        new DeletionSettings(configuration, dispatcher.commandLog()).applyAndListen();
        notifyEvents(configuration.get(GeneralDirectives.NOTIFY_KEYSPACE_EVENTS));
        configuration.listen(GeneralDirectives.NOTIFY_KEYSPACE_EVENTS, (was, now) -> {
            notifyEvents(now);
            return Optional.empty();
        });
        configuration.listen(GeneralDirectives.LOGLEVEL, (was, now) -> {
            log.level(now);
            return Optional.empty();
        });
        configuration.listen(SecurityDirectives.REQUIREPASS, (was, now) -> {
            dispatcher.authenticationRequired(!now.isEmpty());
            return Optional.empty();
        });
        countSlotLoads();
        configuration.listen(NetworkDirectives.PROTO_MAX_BULK_LEN, (was, now) -> relimit());
        configuration.listen(NetworkDirectives.CLIENT_QUERY_BUFFER_LIMIT, (was, now) -> relimit());
        configuration.listen(NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT, (was, now) -> relimit());
        configuration.listen(GeneralDirectives.BUSY_REPLY_THRESHOLD, (was, now) -> relimit());
        configuration.listen(ReplicationDirectives.REPL_BACKLOG_SIZE, (was, now) -> relimit());
    }

    private void countSlotLoads() {
        SlotLoads loads = dispatcher.slotLoads();
        loads.replicaCount(replication::replicaCount);
        loads.counted(configuration.get(ClusterDirectives.CLUSTER_SLOT_STATS_ENABLED));
        configuration.listen(ClusterDirectives.CLUSTER_SLOT_STATS_ENABLED, (was, now) -> {
            loads.counted(now);
            return Optional.empty();
        });
        cluster().ifPresent(membership -> membership.router().whenShardChanges(loads::reset));
    }

    /** New keys are asked about at the keyspace itself, and only by those who want to know: every write would pay. */
    private void notifyEvents(int classes) {
        dispatcher.notifications().ask(classes);
        keyspace.createdKeyLog(
                dispatcher.notifications().isAsked(KeyspaceEvents.NEW)
                        ? dispatcher::keyCreated
                        : null);
    }

    private Optional<String> relimit() {
        dispatcher.limits(limits());
        return Optional.empty();
    }

    private SessionLimits limits() {
        OutputBufferLimits output = configuration.get(NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT);
        return new SessionLimits(
                configuration.get(NetworkDirectives.PROTO_MAX_BULK_LEN),
                configuration.get(NetworkDirectives.CLIENT_QUERY_BUFFER_LIMIT),
                new SessionLimits.Outputs(
                        outputLimit(output.normal()),
                        replication.outputLimit(output.replica()),
                        outputLimit(output.pubsub())),
                configuration.get(GeneralDirectives.BUSY_REPLY_THRESHOLD));
    }

    private static SessionLimits.Output outputLimit(OutputBufferLimits.Limit limit) {
        return new SessionLimits.Output(
                limit.hardBytes(),
                limit.softBytes(),
                TimeUnit.SECONDS.toMillis(limit.softSeconds()));
    }

    /** The orderly way to the end, which may be refused. */
    public Shutdown shutdown() {
        return shutdown;
    }

    /** Asks for the end; whoever waits in {@link #awaitStop} then closes the node. */
    public void requestStop() {
        stopRequested.countDown();
    }

    /** The node cannot go on; the reason is in the log. */
    private void fail() {
        failed = true;
        requestStop();
    }

    /** What the process is to end with: 1 when the node could not go on, else 0. */
    public int exitCode() {
        return failed ? 1 : 0;
    }

    /** Waits until somebody asks for the end. */
    public void awaitStop() throws InterruptedException {
        stopRequested.await();
    }

    public Configuration configuration() {
        return configuration;
    }

    public NodeLog log() {
        return log;
    }

    public RunIdentity identity() {
        return identity;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    public NodeCron cron() {
        return cron;
    }

    /** Switches the active deletion of expired keys. */
    public void activeExpiry(boolean enabled) {
        cron.activeExpiry(enabled);
    }

    /** Connections of the cluster bus, both directions. */
    public long clusterConnections() {
        return cluster == null ? 0 : cluster.connections();
    }

    /** Who listens to which channels. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** The node's membership in its cluster; empty when cluster mode is off. */
    public Optional<ClusterService> cluster() {
        return Optional.ofNullable(cluster);
    }

    /** What this node refuses as a replica. */
    ReplicaRules replicaRules() {
        return replicaRules;
    }

    /** Primary and replica sides of replication. */
    public Replication replication() {
        return replication;
    }

    /** For work that may take its time: freeing detached keys. One thread. */
    public ExecutorService background() {
        return background;
    }

    /** Keeps memory below its limit. */
    public MemoryUpkeep memoryUpkeep() {
        return memoryUpkeep;
    }

    /** MIGRATE, with its threads and connections. */
    public MigrateCommand migrations() {
        return migrations;
    }

    /** Slots on their way from and to this node; empty when cluster mode is off. */
    public Optional<SlotMigrations> slotMigrations() {
        return Optional.ofNullable(slotMigrations);
    }

    /** Snapshots and files. */
    public Persistence persistence() {
        return persistence;
    }

    /** The client port. */
    public int port() {
        return configuration.getInt(NetworkDirectives.PORT);
    }

    /** Connections refused since the start. */
    public long refusedConnections() {
        return admission.refusedTotal();
    }

    /** Closes every connection and frees all memory. Waits for the threads, a few seconds at most. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        requestStop();
        pidFile.remove();
        ports.close();
        cron.close();
        boolean migratedSlots = slotMigrations == null || slotMigrations.stop();
        boolean handedOver = cluster == null || cluster.leave();
        boolean followed = replication.follower().stop();
        boolean persisted = persistence.stop();
        boolean migrated = migrations.stop();
        threads.close();
        persistence.close();
        background.shutdown();
        try {
            if (!background.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                log.warning("Background work did not end in time");
                background.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        boolean ended = threads.ended() && background.isTerminated();
        if (ended && handedOver && persisted && followed && migrated && migratedSlots) {
            replication.close();
            keyspace.close();
        } else {
            log.warning(
                    "Threads did not end in time; the keyspace's memory stays until the process ends");
        }
    }
}
