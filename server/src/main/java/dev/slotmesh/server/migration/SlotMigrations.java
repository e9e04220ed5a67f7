package dev.slotmesh.server.migration;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.TransferAnswer;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.migration.MigrationRecord.Operation;
import dev.slotmesh.server.persistence.Snapshots;
import dev.slotmesh.server.replication.Replication;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Suspension;
import dev.slotmesh.server.system.DaemonThreads;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A node's atomic slot migrations, in both directions: the entry to this room. Thread safe.
 *
 * <p>Each job that sends slots has a thread; what is to be done beside others' locks and threads is done on further ones.
 */
public final class SlotMigrations {
    private static final int NAME_BYTES = 20;
    private static final int STOP_SECONDS = 5;
    private static final int IDLE_SECONDS = 30;

    private final MigrationParts parts;
    private final MigrationLog log;
    private final SecureRandom random = new SecureRandom();
    /** What comes after the end is not carried out. */
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named("slotmesh-slots"),
            new ThreadPoolExecutor.DiscardPolicy());

    private final Imports imports;
    private final Exports exports;

    public SlotMigrations(
            Configuration configuration,
            NodeLog nodeLog,
            ClusterService cluster,
            Snapshots snapshots,
            Work work) {
        this.parts = new MigrationParts(
                configuration,
                nodeLog,
                cluster,
                snapshots,
                new MigrationParts.Work(work.dispatcher(), work.replication()));
        this.log = new MigrationLog(
                () -> configuration.getInt(ClusterDirectives.CLUSTER_SLOT_MIGRATION_LOG_MAX_LEN));
        this.imports = new Imports(parts, log, threads);
        this.exports = new Exports(parts, log, threads);
    }

    /** Those parts of a node that execute and propagate commands. */
    public record Work(Dispatcher dispatcher, Replication replication) {}

    /** The data are loaded: keys that were left behind by imports of an earlier life go. */
    public void begin() {
        parts.dispatcher().whenFlushing(imports::flushing);
        imports.begin();
    }

    /** One order of CLUSTER MIGRATESLOTS. */
    private record Order(String name, SlotSet slots, String target) {}

    /** CLUSTER MIGRATESLOTS: {@code SLOTSRANGE first last [first last ..] NODE id [SLOTSRANGE ..]}. */
    public void migrate(Call call) {
        List<Order> orders = new ArrayList<>();
        int at = 2;
        while (at < call.count()) {
            if (!call.is(at, "SLOTSRANGE")) {
                throw ErrorReply.SYNTAX;
            }
            int to = at + 1;
            while (to + 1 < call.count() && !call.is(to, "NODE")) {
                to += 2;
            }
            if (to == at + 1 || to + 1 >= call.count() || !call.is(to, "NODE")) {
                throw ErrorReply.SYNTAX;
            }
            SlotSet slots = SlotRanges.read(call, at + 1, to);
            if (orders.stream().anyMatch(order -> order.slots().intersects(slots))) {
                throw SlotRanges.OVERLAP;
            }
            String target = call.text(to + 1);
            if (!NodeId.isWellFormed(target)) {
                throw new ErrorReply("ERR Invalid node name: " + target);
            }
            orders.add(new Order(newName(), slots, target));
            at = to + 2;
        }
        if (!call.mayWait()) {
            throw new ErrorReply("ERR Slot migrations can't be started inside a transaction");
        }
        Suspension client = call.suspend();
        parts.cluster()
                .consult((gossip, nowMs) -> open(gossip, nowMs, orders))
                .whenComplete((refusal, mistake) -> answer(client, orders, refusal, mistake));
    }

    private String newName() {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    /** All or none; why none, or an empty text. */
    private static String open(Gossip gossip, long nowMs, List<Order> orders) {
        for (int i = 0; i < orders.size(); i++) {
            Order order = orders.get(i);
            TransferAnswer answer = gossip.transfers()
                    .openExport(nowMs, order.name(), order.slots(), order.target());
            if (answer instanceof TransferAnswer.Refused refused) {
                orders.subList(0, i)
                        .forEach(each -> gossip.transfers().closeExport(nowMs, each.name()));
                return refused.error();
            }
        }
        return "";
    }

    private void answer(Suspension client, List<Order> orders, String refusal, Throwable mistake) {
        if (mistake != null || !refusal.isEmpty()) {
            String error = mistake == null ? refusal : "internal error, see the server's log";
            client.resume(reply -> reply.error("ERR " + error));
            return;
        }
        NodeId myId = parts.cluster().view().myId();
        for (Order order : orders) {
            exports.start(new MigrationRecord(
                    order.name(),
                    Operation.EXPORT,
                    order.slots(),
                    NodeId.parse(order.target()),
                    myId));
        }
        client.resume(ReplyEncoder::ok);
    }

    /** CLUSTER CANCELSLOTMIGRATIONS [ALL]. */
    public void cancel(Call call) {
        if (call.count() > 3 || call.count() == 3 && !call.is(2, "ALL")) {
            throw call.wrongArity();
        }
        if (exports.cancelAll() == 0) {
            throw new ErrorReply("ERR No migrations ongoing");
        }
        call.reply().ok();
    }

    /** CLUSTER GETSLOTMIGRATIONS. */
    public void report(Call call) {
        MigrationReplies.write(call.reply(), log.show());
    }

    /** CLUSTER SYNCSLOTS. */
    public void sync(Call call) {
        imports.sync(call);
    }

    /** Commands are routed by this view from now on; the world lock is held. */
    public void published(ClusterView view) {
        boolean fewer = parts.dispatcher().slotStop().withheld(withheld(view));
        if (fewer) {
            threads.execute(parts.dispatcher()::resumePaused);
        }
        ApartMarks.set(parts.dispatcher().keyspace(), view, parts.cluster().router()::isOfShard);
        imports.published(view);
    }

    private static SlotSet withheld(ClusterView view) {
        SlotSet slots = new SlotSet();
        for (int slot = 0; slot < SlotSet.SLOT_COUNT; slot++) {
            if (view.isWithheld(slot)) {
                slots.set(slot);
            }
        }
        return slots;
    }

    /** The periodic work, some times a second. */
    public void turn(long nowMs) {
        imports.turn(nowMs);
        exports.turn();
    }

    /** Breaks what is under way off; waits for it. Returns false when it did not end in time. */
    public boolean stop() {
        exports.stop();
        threads.shutdownNow();
        try {
            return threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return threads.isTerminated();
        }
    }
}
