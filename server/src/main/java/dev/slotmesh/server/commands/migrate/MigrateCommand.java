package dev.slotmesh.server.commands.migrate;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Suspension;
import dev.slotmesh.server.system.DaemonThreads;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** MIGRATE. Its connections and threads are the node's; {@link #stop} ends them. */
public final class MigrateCommand {
    private static final int THREADS = 8;
    private static final int IDLE_SECONDS = 10;
    private static final int STOP_SECONDS = 5;

    private final BooleanSupplier compressing;
    private final BooleanSupplier mayWrite;
    private final boolean inCluster;
    private final TargetConnections connections = new TargetConnections();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("slotmesh-migrate"));

    /**
     * @param compressing whether long strings are compressed in payloads
     * @param mayWrite whether keys may be deleted at this moment; asked under a slot's lock, on any thread
     */
    public MigrateCommand(
            BooleanSupplier compressing, BooleanSupplier mayWrite, boolean inCluster) {
        this.compressing = compressing;
        this.mayWrite = mayWrite;
        this.inCluster = inCluster;
        threads.allowCoreThreadTimeOut(true);
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("migrate", this::migrate);
    }

    private void migrate(Call call) {
        Migration migration = new Migration(
                new Migration.Source(
                        call.dispatcher(),
                        call.client().database(),
                        inCluster,
                        compressing,
                        mayWrite),
                MigrateRequest.parse(call),
                connections);
        if (!call.mayWait()) {
            // The transaction's locks are held and stay held: nobody comes between its commands.
            answer(call.reply(), migration.run());
            return;
        }
        Suspension client = call.suspend();
        try {
            threads.execute(() -> run(migration, client));
        } catch (RejectedExecutionException ending) {
            client.resume(reply -> reply.error("ERR the server is shutting down"));
        }
    }

    private static void run(Migration migration, Suspension client) {
        String line = "ERR internal error, see the server's log";
        try {
            line = migration.run();
        } finally {
            String told = line;
            client.resume(reply -> answer(reply, told));
        }
    }

    private static void answer(ReplyEncoder reply, String line) {
        if (line.equals("OK") || line.equals("NOKEY")) {
            reply.simpleString(line);
        } else {
            reply.error(line);
        }
    }

    /** Closes connections nobody used for a while; now and then. */
    public void tend() {
        connections.expire();
    }

    /** Breaks what is under way off; waits for it. Returns false when it did not end in time. */
    public boolean stop() {
        threads.shutdownNow();
        connections.close();
        try {
            return threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return threads.isTerminated();
        }
    }
}
