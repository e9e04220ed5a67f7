package dev.slotmesh.server.migration;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ImportView;
import dev.slotmesh.gossip.TransferAnswer;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.migration.MigrationRecord.Operation;
import dev.slotmesh.server.migration.MigrationRecord.State;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.Confirmations;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.Suspension;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The target's side: CLUSTER SYNCSLOTS, with which a source steers, and what becomes of the keys of imports that come to
 * nothing.
 *
 * <p>Whether slots may be taken is decided by the machine alone; it also ends imports by itself, which shows in the view. An import
 * that the view shows as abandoned, after a restart or a promotion as well, has its keys dropped here, and then its mark
 * taken back. {@link #dropping} is guarded by the monitor.
 */
final class Imports {
    private static final int RETRY_MS = 5;
    private static final int PREPARE_MS = 5_000;
    private static final int READY_MS = 2_000;
    private static final ErrorReply NOT_IMPORTING =
            new ErrorReply("ERR No slots are imported on this connection");

    private final MigrationParts parts;
    private final MigrationLog log;
    private final Executor threads;
    private final Map<String, Import> imports = new ConcurrentHashMap<>();
    /** Imports whose keys are being dropped. */
    private final Set<String> dropping = new HashSet<>();

    private volatile boolean begun;

    Imports(MigrationParts parts, MigrationLog log, Executor threads) {
        this.parts = parts;
        this.log = log;
        this.threads = threads;
    }

    /** The data are loaded: keys may be dropped from now on. */
    void begin() {
        begun = true;
        ClusterView view = parts.cluster().view();
        if (view != null) {
            published(view);
        }
    }

    /** CLUSTER SYNCSLOTS. */
    void sync(Call call) {
        if (call.is(2, "ESTABLISH")) {
            establish(call);
            return;
        }
        if (!(call.session().slotImport() instanceof Import coming)) {
            throw NOT_IMPORTING;
        }
        call.session().answerSteering();
        if (call.is(2, "BARRIER") && call.count() == 4) {
            coming.record().acknowledged();
            call.reply().integer(call.integer(3));
        } else if (call.is(2, "PREPARE") && call.count() == 3) {
            prepare(coming, call.suspendReading(), deadline(PREPARE_MS));
        } else if (call.is(2, "READY") && call.count() == 3) {
            ready(coming, call);
        } else if (call.is(2, "TAKE") && call.count() == 4) {
            take(coming, call);
        } else {
            throw ErrorReply.SYNTAX;
        }
    }

    private static long deadline(int ms) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private static boolean isOver(long deadlineNanos) {
        return deadlineNanos - System.nanoTime() <= 0;
    }

    /** {@code ESTABLISH SOURCE id NAME name SLOTSRANGE first last ..} */
    private void establish(Call call) {
        boolean wellFormed = call.count() >= 10
                && call.count() % 2 == 0
                && call.is(3, "SOURCE")
                && call.is(5, "NAME")
                && call.is(7, "SLOTSRANGE");
        if (!wellFormed || call.session().slotImport() != null || !call.mayWait()) {
            throw ErrorReply.SYNTAX;
        }
        String source = call.text(4);
        String name = call.text(6);
        if (!NodeId.isWellFormed(source) || !NodeId.isWellFormed(name)) {
            throw ErrorReply.SYNTAX;
        }
        SlotSet slots = SlotRanges.read(call, 8, call.count());
        MigrationRecord record = new MigrationRecord(
                name, Operation.IMPORT, slots, parts.cluster().view().myId(), NodeId.parse(source));
        Import coming = new Import(record, call.session(), this);
        Suspension client = call.suspendReading();
        client.whenAbandoned(coming::ended);
        whenFree(coming, () -> open(coming, source, client));
    }

    /** Runs an action when no keys are left that these slots may have from an earlier time. */
    private void whenFree(Import coming, Runnable action) {
        boolean free = parts.cluster().view().imports().stream()
                .noneMatch(each -> each.state() == ImportView.State.ABANDONED
                        && each.slots().intersects(coming.slots()));
        if (free) {
            parts.cluster().whenCleared(action);
        } else {
            later(() -> whenFree(coming, action));
        }
    }

    private void open(Import coming, String source, Suspension client) {
        String name = coming.record().name();
        parts.cluster()
                .consult((gossip, nowMs) -> gossip.transfers()
                        .openImport(
                                nowMs,
                                name,
                                coming.slots(),
                                source,
                                parts.cluster().slotKeys()))
                .whenComplete((answer, mistake) -> {
                    if (mistake != null || answer instanceof TransferAnswer.Refused) {
                        coming.giveUp("refused", true);
                        client.resume(error(answer, mistake));
                        return;
                    }
                    imports.put(name, coming);
                    log.add(coming.record());
                    if (coming.opened()) {
                        parts.log()
                                .notice("Slot migration " + name + ": importing "
                                        + MigrationRecord.ranges(coming.slots()) + " from "
                                        + source);
                        client.resume(reply -> {
                            coming.session().importing(coming);
                            reply.ok();
                        });
                    } else {
                        giveUp(coming, coming.reasonOr("given up"));
                    }
                });
    }

    private static Consumer<ReplyEncoder> error(TransferAnswer answer, Throwable mistake) {
        String text = mistake == null && answer instanceof TransferAnswer.Refused refused
                ? refused.error()
                : "internal error, see the server's log";
        return reply -> reply.error("ERR " + text);
    }

    private void prepare(Import coming, Suspension client, long deadlineNanos) {
        String name = coming.record().name();
        parts.cluster()
                .consult((gossip, nowMs) -> gossip.transfers().prepareImport(nowMs, name))
                .whenComplete((answer, mistake) -> {
                    if (answer instanceof TransferAnswer.Done done) {
                        coming.record().state(State.STREAMING, "");
                        client.resume(reply -> reply.integer(done.epoch()));
                    } else if (answer instanceof TransferAnswer.NotYet && !isOver(deadlineNanos)) {
                        later(() -> prepare(coming, client, deadlineNanos));
                    } else if (answer instanceof TransferAnswer.NotYet) {
                        client.resume(reply -> reply.error(
                                "ERR a majority of the masters did not answer in time"));
                    } else {
                        client.resume(error(answer, mistake));
                    }
                });
    }

    private void later(Runnable task) {
        CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS, threads)
                .execute(task);
    }

    /** Answers when everything has been applied here, which it has, and by replicas. */
    private void ready(Import coming, Call call) {
        coming.record().state(State.PAUSED, "");
        int required = call.dispatcher().ackWrites().replicas();
        int replicas = Math.max(required, parts.replication().onlineReplicas());
        if (replicas == 0) {
            call.reply().simpleString("READY");
            return;
        }
        Confirmations confirmations = parts.replication().confirmations();
        long offset = call.client().writtenOffset();
        int tenure = confirmations.tenure();
        Suspension client = call.suspendReading();
        Confirmations.Written written = new Confirmations.Written(tenure, offset, replicas);
        Runnable takeBack = confirmations.whenConfirmed(
                written, () -> client.resume(reply -> reply.simpleString("READY")));
        CompletableFuture.delayedExecutor(READY_MS, TimeUnit.MILLISECONDS, threads)
                .execute(() -> {
                    takeBack.run();
                    boolean enough = required == 0
                            || confirmations.isConfirmed(
                                    new Confirmations.Written(tenure, offset, required));
                    client.resume(reply -> {
                        if (enough) {
                            reply.simpleString("READY");
                        } else {
                            reply.error("NOREPLICAS The slots were not confirmed by " + required
                                    + " replica(s) in time");
                        }
                    });
                });
    }

    /** {@code TAKE epoch}. */
    private void take(Import coming, Call call) {
        long epoch = call.integer(3);
        if (!coming.claiming()) {
            throw new ErrorReply("ERR The import of these slots is over");
        }
        coming.record().state(State.HANDED_OVER, "");
        int patienceMs = parts.nodeTimeoutMs() / 4;
        claim(coming, call.suspendReading(), epoch, deadline(patienceMs));
    }

    private void claim(Import coming, Suspension client, long epoch, long deadlineNanos) {
        String name = coming.record().name();
        boolean last = isOver(deadlineNanos);
        parts.cluster()
                .consult((gossip, nowMs) -> {
                    TransferAnswer answer = gossip.transfers().claimImport(nowMs, name, epoch);
                    if (answer instanceof TransferAnswer.NotYet && last) {
                        gossip.transfers().abandonImport(nowMs, name);
                    }
                    return answer;
                })
                .whenComplete((answer, mistake) -> {
                    if (answer instanceof TransferAnswer.Done) {
                        claimed(coming);
                        client.resume(ReplyEncoder::ok);
                    } else if (answer instanceof TransferAnswer.NotYet && !last) {
                        later(() -> claim(coming, client, epoch, deadlineNanos));
                    } else {
                        client.resume(
                                answer instanceof TransferAnswer.NotYet
                                        ? reply -> reply.error("ERR The claim was put off too long")
                                        : error(answer, mistake));
                        refused(coming, "the claim was refused");
                    }
                });
    }

    private void claimed(Import coming) {
        coming.claimed();
        coming.record().state(State.SUCCESS, "");
        imports.remove(coming.record().name());
        log.trim();
    }

    private void refused(Import coming, String reason) {
        if (coming.giveUp(reason, true)) {
            coming.record().state(State.DROPPING, coming.reasonOr(reason));
        }
    }

    /** It will not come to a claim; any thread, which may hold slot locks. A claim under way decides first. */
    void giveUp(Import coming, String reason) {
        if (!coming.giveUp(reason, coming.phase() == Import.Phase.OPENING && isKnown(coming))) {
            return;
        }
        coming.record().state(State.DROPPING, reason);
        threads.execute(() -> {
            coming.session().closeFromAnywhere();
            String name = coming.record().name();
            parts.cluster()
                    .consult((gossip, nowMs) -> gossip.transfers().abandonImport(nowMs, name));
        });
    }

    /** Whether the machine has it. */
    private boolean isKnown(Import coming) {
        return imports.get(coming.record().name()) == coming;
    }

    /** A database is about to be emptied; the world lock is held. */
    void flushing() {
        imports.values().forEach(coming -> coming.failed("flushall", "the database was emptied"));
    }

    /** What the view tells of imports; the world lock may be held. */
    void published(ClusterView view) {
        Set<String> open = new HashSet<>();
        for (ImportView each : view.imports()) {
            if (each.state() == ImportView.State.OPEN) {
                open.add(each.name());
            } else if (each.state() == ImportView.State.ABANDONED && begun) {
                drop(each);
            }
        }
        for (Import coming : imports.values()) {
            if (!open.contains(coming.record().name()) && coming.phase() == Import.Phase.OPEN) {
                giveUp(coming, "the state of the cluster changed");
            }
        }
    }

    private void drop(ImportView abandoned) {
        synchronized (this) {
            if (!dropping.add(abandoned.name())) {
                return;
            }
        }
        threads.execute(() -> {
            try {
                dropKeys(abandoned);
            } finally {
                synchronized (this) {
                    dropping.remove(abandoned.name());
                }
            }
        });
    }

    private void dropKeys(ImportView abandoned) {
        String name = abandoned.name();
        Import coming = imports.get(name);
        SlotSet slots = notMine(abandoned.slots());
        long keys = countKeys(slots);
        if (!parts.cluster().clearing().clearApart(slots, () -> isAbandoned(name))) {
            return;
        }
        parts.log()
                .notice("Slot migration " + name + ": dropped " + keys
                        + " keys that are not this node's, of slots "
                        + MigrationRecord.ranges(slots));
        parts.cluster()
                .consult((gossip, nowMs) -> gossip.transfers().closeImport(nowMs, name))
                .thenRun(() -> {
                    if (coming != null) {
                        imports.remove(name);
                        coming.record()
                                .state(State.FAILED, coming.record().show().message());
                        log.trim();
                    }
                });
    }

    private SlotSet notMine(SlotSet slots) {
        ClusterView view = parts.cluster().view();
        SlotSet others = new SlotSet();
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            if (!view.isMine(slot)) {
                others.set(slot);
            }
        }
        return others;
    }

    private long countKeys(SlotSet slots) {
        long keys = 0;
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            keys += parts.cluster().slotKeys().keysIn(slot);
        }
        return keys;
    }

    private boolean isAbandoned(String name) {
        return !Thread.currentThread().isInterrupted()
                && parts.cluster().view().imports().stream()
                        .anyMatch(each -> each.name().equals(name)
                                && each.state() == ImportView.State.ABANDONED);
    }

    /** Gives up what nothing comes of; several times a second. */
    void turn(long nowMs) {
        long patienceMs = parts.silenceMs();
        for (Import coming : imports.values()) {
            Session session = coming.session();
            boolean silent = nowMs - session.state().lastInteractionMs() > patienceMs;
            if (silent && coming.phase() == Import.Phase.OPEN) {
                giveUp(coming, "the source was silent for " + patienceMs + " ms");
            }
        }
    }
}
