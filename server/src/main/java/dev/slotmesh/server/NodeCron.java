package dev.slotmesh.server;

import dev.slotmesh.keyspace.ExpiryCycle;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.MemoryDirectives;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Persistence;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.system.DaemonThreads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The node's periodic work, ten times a second on a thread of its own: active expiry, memory, the end of a pause, idle clients and
 * the rates that INFO shows. It takes slot locks as any client's loop does, one at a time and briefly.
 */
public final class NodeCron implements AutoCloseable {
    private static final long PERIOD_MS = 100;
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);
    private static final int TURNS_PER_SECOND = 10;
    /** Active expiry may take this share of the time at effort 1, and this much more per further step, percent. */
    private static final int EXPIRY_PERCENT = 25;

    private static final int EXPIRY_PERCENT_PER_EFFORT = 2;

    private final Configuration configuration;
    private final Dispatcher dispatcher;
    private final MemoryUpkeep memory;
    private final Persistence persistence;
    private final NodeLog log;
    private final ExpiryCycle expiry;
    private final Rates rates = new Rates();
    private final ScheduledExecutorService thread;
    private final List<LongConsumer> others = new ArrayList<>();
    private volatile boolean activeExpiry = true;
    private long turns;

    NodeCron(
            Configuration configuration,
            Dispatcher dispatcher,
            MemoryUpkeep memory,
            Persistence persistence,
            NodeLog log) {
        this.memory = memory;
        this.persistence = persistence;
        this.configuration = configuration;
        this.dispatcher = dispatcher;
        this.log = log;
        this.expiry = new ExpiryCycle(dispatcher.keyspace());
        this.thread =
                Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("slotmesh-cron"));
    }

    /** Adds work to be done in every turn, which is told the time in milliseconds since 1970. Before the start. */
    void add(LongConsumer work) {
        others.add(work);
    }

    void start() {
        thread.scheduleAtFixedRate(this::turn, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void turn() {
        try {
            turns++;
            long nowMs = System.currentTimeMillis();
            if (activeExpiry) {
                int effort = configuration.getInt(MemoryDirectives.ACTIVE_EXPIRE_EFFORT);
                long percent = EXPIRY_PERCENT + EXPIRY_PERCENT_PER_EFFORT * (effort - 1L);
                expiry.run(nowMs, PERIOD_NANOS * percent / 100, effort);
            }
            memory.turn();
            persistence.turn(nowMs);
            if (dispatcher.pause().expire(nowMs)) {
                dispatcher.resumePaused();
            }
            dispatcher.reviewWaits();
            for (LongConsumer work : others) {
                work.accept(nowMs);
            }
            rates.sample(dispatcher.statistics());
            if (turns % TURNS_PER_SECOND == 0) {
                reviewOutputs();
                closeIdleClients(nowMs);
            }
        } catch (RuntimeException | AssertionError error) {
            log.warning(
                    "The periodic work failed by a mistake of the server; please report it", error);
        }
    }

    /** A client that neither reads nor writes would otherwise never meet the soft limit. */
    private void reviewOutputs() {
        for (Session session : dispatcher.clients().all()) {
            if (session.state().outputBytes() > 0) {
                session.reviewOutput();
            }
        }
    }

    private void closeIdleClients(long nowMs) {
        long timeoutMs = TimeUnit.SECONDS.toMillis(configuration.get(NetworkDirectives.TIMEOUT));
        if (timeoutMs == 0) {
            return;
        }
        for (Session session : dispatcher.clients().all()) {
            boolean waits = session.isSuspended() || session.isPostponed() || session.isReplica();
            waits |= session.pushes().isSubscribed();
            if (!waits && nowMs - session.state().lastInteractionMs() > timeoutMs) {
                log.verbose("Closing idle client " + session.id());
                session.closeFromAnywhere();
            }
        }
    }

    /** DEBUG SET-ACTIVE-EXPIRE. Any thread. */
    public void activeExpiry(boolean enabled) {
        activeExpiry = enabled;
    }

    public ExpiryCycle expiry() {
        return expiry;
    }

    public Rates rates() {
        return rates;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
