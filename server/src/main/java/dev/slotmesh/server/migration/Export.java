package dev.slotmesh.server.migration;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ExportView;
import dev.slotmesh.gossip.TransferAnswer;
import dev.slotmesh.server.migration.MigrationRecord.State;

import io.netty.buffer.ByteBuf;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One job that sends slots to another node, on a thread of its own: the keys as they were at one moment, the writes since, and at
 * the end the slots themselves.
 *
 * <p>What other threads may do is {@link #cancel} and {@link #tend}; fields say what they share. Whatever goes wrong before TAKE was
 * sent ends the job and changes nothing about the slots. Afterwards the slots are nobody's here until the machine knows whose
 * they are, and the job waits for that.
 */
final class Export implements Runnable {
    private static final int ANSWER_MS = 30_000;
    private static final int TURN_MS = 50;
    private static final int HEAR_MS = 5;
    private static final int MOST_TAKEN_BYTES = 256 * 1024;
    private static final int BARRIER_MS = 100;
    private static final int BARRIER_BYTES = 1024 * 1024;
    private static final int HAND_OVER_BYTES = 64 * 1024;
    private static final int IDLE_BARRIER_MS = 1_000;
    private static final int PAUSE_MS = 5_000;

    private final MigrationRecord record;
    private final MigrationParts parts;
    private final Runnable over;
    private final ExportProgress progress;
    private volatile ExportLink link;
    private volatile SlotStream stream;
    private volatile boolean attached;
    /** Why it is to end, from elsewhere; {@link #cancelled} says that an operator wants it. */
    private volatile String ended;

    private volatile boolean cancelled;
    /** The machine has been asked to give the slots out of hand. */
    private volatile boolean handedOver;

    private boolean stopped;
    private long barriers;
    private long barrierMs;
    private long barrierBytes;
    private volatile long appliedBytes;

    /** @param over what to do when it has ended, on its thread */
    Export(MigrationRecord record, MigrationParts parts, Runnable over) {
        this.record = record;
        this.parts = parts;
        this.over = over;
        this.progress = new ExportProgress(record, parts);
    }

    MigrationRecord record() {
        return record;
    }

    private String name() {
        return record.name();
    }

    private SlotSet slots() {
        return record.slots();
    }

    /** Bytes of commands that the target has yet to apply. Any thread. */
    long remainingBytes() {
        SlotStream waiting = stream;
        ExportLink sending = link;
        return (waiting == null ? 0 : waiting.waitingBytes())
                + (sending == null ? 0 : Math.max(0, sending.sentBytes() - appliedBytes));
    }

    /** Ends the job as soon as may be; once the slots are out of hand only the machine can. Any thread. */
    void cancel(String why, boolean byOperator) {
        if (!handedOver) {
            cancelled = byOperator;
            ended = why;
            closeLink();
        } else if (byOperator) {
            parts.cluster()
                    .consult((gossip, nowMs) -> gossip.transfers().cancelExport(nowMs, name()));
        }
    }

    /** Ends what does not get on; some times a second, any thread. */
    void tend() {
        ExportLink sending = link;
        if (sending != null && sending.stuckMs() > parts.silenceMs()) {
            ended = "the target took nothing for " + parts.silenceMs() + " ms";
            closeLink();
        }
        SlotStream changes = stream;
        if (changes != null && changes.failure() != null && !handedOver && ended == null) {
            ended = changes.failure();
            closeLink();
        }
    }

    private void closeLink() {
        ExportLink open = link;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void run() {
        record.remaining(this::remainingBytes);
        try {
            connect();
            snapshot();
            catchUp();
            handOver();
            succeed();
        } catch (MigrationFailure failure) {
            fail(failure.getMessage());
        } catch (IOException | ExecutionException | TimeoutException failure) {
            fail("the connection to the target failed: " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            fail("the node ends");
        } catch (RuntimeException | AssertionError mistake) {
            parts.log().warning("Slot migration " + name() + " failed by a mistake", mistake);
            fail("internal error, see the server's log");
        } finally {
            release();
            over.run();
        }
    }

    private void connect() throws IOException, MigrationFailure {
        check();
        link = TargetAddress.connect(parts, record.target());
        check();
        TargetAddress.introduce(link, parts, record);
        appliedBytes = link.sentBytes();
        parts.log()
                .notice("Slot migration " + name() + ": exporting "
                        + MigrationRecord.ranges(slots()) + " to " + record.target());
    }

    /** Throws when there is a reason not to go on. */
    private void check() throws MigrationFailure {
        String why = ended;
        SlotStream changes = stream;
        if (why == null && changes != null) {
            why = changes.failure();
        }
        if (why == null && !isOpen(parts.cluster().view())) {
            why = "the state of the cluster changed";
        }
        if (why != null) {
            throw new MigrationFailure(why);
        }
    }

    private boolean isOpen(ClusterView view) {
        return view.exports().stream().anyMatch(each -> each.name().equals(name()));
    }

    private void snapshot() throws IOException, MigrationFailure {
        stream = new SlotStream(parts.dispatcher().table(), slots(), parts.streamLimitBytes());
        SlotSnapshot job = new SlotSnapshot(slots(), link, this::attach);
        record.state(State.WAITING_TO_SNAPSHOT, "");
        while (!parts.snapshots().start(job)) {
            check();
            idle();
        }
        record.state(State.SNAPSHOTTING, "");
        while (!job.done().isDone()) {
            progress.sending(link.sentBytes(), stream);
            hear(job);
        }
        try {
            job.done().join();
        } catch (CompletionException | CancellationException failure) {
            check();
            throw new MigrationFailure(
                    "the snapshot could not be sent: " + failure.getMessage(), failure);
        }
        progress.sent(link.sentBytes(), stream);
    }

    /** While the keys are being sent the target says nothing, unless it gives up. */
    private void hear(SlotSnapshot job) {
        try {
            String said = link.readLine(HEAR_MS);
            if (said != null && ended == null) {
                ended = "the target answered: " + said;
            }
        } catch (IOException closed) {
            if (ended == null) {
                ended = "the connection to the target failed: " + closed.getMessage();
            }
        }
        if (ended != null || stream.failure() != null) {
            job.cancel();
            closeLink();
            job.done().handle((done, failure) -> null).join();
        }
    }

    /** Lets the target know that this end lives, while others have their snapshots taken. */
    private void idle() throws IOException, MigrationFailure {
        if (System.currentTimeMillis() - barrierMs >= IDLE_BARRIER_MS) {
            barrier();
        }
        acknowledge(TURN_MS);
    }

    /** At the moment of the snapshot, under the world lock. */
    private void attach() {
        parts.dispatcher().commandLog().attach(stream);
        attached = true;
    }

    private void detach() {
        parts.dispatcher().keyspace().locks().lockWorld();
        try {
            parts.dispatcher().commandLog().detach(stream);
        } finally {
            parts.dispatcher().keyspace().locks().unlockWorld();
        }
    }

    /** Sends what was changed since the snapshot, until the target is close behind. */
    private void catchUp() throws IOException, MigrationFailure {
        record.state(State.STREAMING, "");
        barrier();
        boolean close = false;
        while (!close) {
            check();
            sendWaiting();
            long now = System.currentTimeMillis();
            if (link.sentBytes() - barrierBytes >= BARRIER_BYTES || now - barrierMs >= BARRIER_MS) {
                barrier();
            }
            boolean answered = acknowledge(1);
            requireAnswers();
            progress.sending(link.sentBytes(), stream);
            close = answered && remainingBytes() <= parts.handOverBytes(HAND_OVER_BYTES);
        }
    }

    private void requireAnswers() throws MigrationFailure {
        if (record.silentMs() > parts.silenceMs()) {
            throw new MigrationFailure("the target was silent for " + parts.silenceMs() + " ms");
        }
    }

    /** Sends what waits now, which ends with a whole command: what steers the target may follow. */
    private void sendWaiting() throws IOException, MigrationFailure {
        long end = stream.keptBytes();
        ByteBuf some = stream.take(end, MOST_TAKEN_BYTES);
        while (some != null) {
            try {
                link.send(some);
            } finally {
                some.release();
            }
            check();
            progress.sending(link.sentBytes(), stream);
            some = stream.take(end, MOST_TAKEN_BYTES);
        }
    }

    private void barrier() throws IOException {
        barrierMs = System.currentTimeMillis();
        barrierBytes = link.sentBytes();
        barriers++;
        link.send("CLUSTER", "SYNCSLOTS", "BARRIER", Long.toString(barrierBytes));
    }

    /** Reads what has been answered to barriers, waiting a moment for it; returns whether all are. */
    private boolean acknowledge(int waitMs) throws IOException, MigrationFailure {
        while (barriers > 0) {
            String answer = link.readLine(waitMs);
            if (answer == null) {
                return false;
            }
            appliedBytes = number(answer);
            barriers--;
            record.acknowledged();
        }
        return true;
    }

    private static long number(String answer) throws MigrationFailure {
        try {
            if (answer.startsWith(":")) {
                return Long.parseUnsignedLong(answer.substring(1));
            }
        } catch (NumberFormatException noNumber) {
            throw new MigrationFailure("the target answered: " + answer, noNumber);
        }
        throw new MigrationFailure("the target answered: " + answer);
    }

    /** The slots change hands: writes wait from here on, reads as well from when the machine gives the slots away. */
    private void handOver()
            throws IOException, MigrationFailure, InterruptedException, ExecutionException,
                    TimeoutException {
        long epoch = number(ask(ANSWER_MS, "PREPARE"));
        record.state(State.PAUSED, "");
        progress.pauseBegins();
        stopped = true;
        parts.dispatcher().slotStop().stopWrites(name(), slots());
        progress.pauseLap("stop");
        sendWaiting();
        check();
        String ready = ask(PAUSE_MS, "READY");
        if (!ready.equals("+READY")) {
            throw new MigrationFailure("the target is not ready: " + ready);
        }
        progress.pauseLap("ready");
        handedOver = true;
        TransferAnswer answer = parts.cluster()
                .consult((gossip, nowMs) -> gossip.transfers().handOver(nowMs, name(), epoch))
                .get(ANSWER_MS, TimeUnit.MILLISECONDS);
        if (answer instanceof TransferAnswer.Refused refused) {
            handedOver = false;
            throw new MigrationFailure(refused.error());
        }
        record.state(State.HANDED_OVER, "");
        progress.pauseLap("give away");
        settle(epoch);
        progress.pauseLap("know");
    }

    private String ask(int timeoutMs, String... words) throws IOException, MigrationFailure {
        String[] command = new String[words.length + 2];
        command[0] = "CLUSTER";
        command[1] = "SYNCSLOTS";
        System.arraycopy(words, 0, command, 2, words.length);
        link.send(command);
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (true) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            String answer = leftMs <= 0 ? null : link.readLine((int) leftMs);
            if (answer == null) {
                throw new MigrationFailure("the target did not answer in time");
            }
            if (barriers == 0) {
                return answer;
            }
            appliedBytes = number(answer);
            barriers--;
        }
    }

    /** The target decides; the machine knows at last, whatever becomes of the connection. */
    private void settle(long epoch)
            throws MigrationFailure, InterruptedException, ExecutionException, TimeoutException {
        String answer;
        try {
            answer = ask(ANSWER_MS, "TAKE", Long.toUnsignedString(epoch));
        } catch (IOException | MigrationFailure unknown) {
            answer = "nothing: " + unknown.getMessage();
            closeLink();
        }
        progress.pauseLap("take");
        boolean taken = answer.equals("+OK");
        boolean refused = answer.startsWith("-");
        if (taken || refused) {
            parts.cluster()
                    .consult((gossip, nowMs) -> taken
                            ? gossip.transfers().exportTaken(nowMs, name())
                            : gossip.transfers().resumeExport(nowMs, name()))
                    .get(ANSWER_MS, TimeUnit.MILLISECONDS);
        } else {
            parts.log()
                    .warning("Slot migration " + name() + ": the target answered " + answer
                            + "; the slots are served again when it is known whose they are");
        }
        awaitDecision();
        ClusterView view = parts.cluster().view();
        for (int slot = slots().nextSet(0); slot >= 0; slot = slots().nextSet(slot + 1)) {
            if (view.isMine(slot)) {
                throw new MigrationFailure("the target did not take the slots: " + answer);
            }
        }
    }

    private void awaitDecision() throws InterruptedException {
        while (isHandedOver(parts.cluster().view())) {
            Thread.sleep(1);
        }
    }

    private boolean isHandedOver(ClusterView view) {
        return view.exports().stream()
                .anyMatch(each ->
                        each.name().equals(name()) && each.state() == ExportView.State.HANDED_OVER);
    }

    private void succeed() {
        record.state(State.SUCCESS, "");
        parts.log()
                .notice("Slot migration " + name() + ": slots are with " + record.target() + "; "
                        + progress.summary());
    }

    private void fail(String why) {
        String known = ended == null ? why : ended;
        record.state(cancelled ? State.CANCELLED : State.FAILED, known);
        parts.log().warning("Slot migration " + name() + " failed: " + known);
        if (!handedOver) {
            parts.cluster()
                    .consult((gossip, nowMs) -> gossip.transfers().closeExport(nowMs, name()));
        }
    }

    private void release() {
        closeLink();
        if (stopped) {
            parts.dispatcher().slotStop().endWrites(name());
            parts.dispatcher().resumePaused();
        }
        if (attached) {
            detach();
        }
        if (stream != null) {
            stream.close();
        }
    }
}
