package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.ExportView;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.ImportView;
import dev.slotmesh.gossip.SlotTransfers;
import dev.slotmesh.gossip.TransferAnswer;

import java.util.BitSet;

/**
 * One migration as the server carries it out: both sessions and the connection between them, around the real machines of both nodes.
 * What happens at each side happens there only as long as that process lives and runs.
 */
final class SlotCourier {
    private static final long POLL_US = 2_000;
    private static final long PATIENCE_MS = 1_000;
    private static final long KEEPALIVE_US = 100_000;

    private final SlotTransferRun run;
    final String name;
    final SlotSet slots;
    final Side source;
    final Side target;
    private final Pipe there;
    private final Pipe back;
    private final Simulation simulation;

    /** Clients of the slots wait at the source. */
    private boolean stopped;
    /** The source's session is over, whatever became of the slots. */
    private boolean sourceOver;

    private boolean targetOver;
    private boolean handedOver;
    private boolean streaming;
    /** When the target last heard of the source. */
    private long heardMs;
    /** How many answers the source has waited for, and which of them came last. */
    private int asked;

    private int answers;

    /** One end, in the life the session belongs to. */
    record Side(SimulatedNode node, int life) {
        static Side of(SimulatedNode node) {
            return new Side(node, node.lives());
        }

        boolean lives() {
            return node.running() && node.lives() == life;
        }

        Gossip gossip() {
            return ((SlotmeshMachine) node.machine()).gossip();
        }

        SlotTransfers transfers() {
            return gossip().transfers();
        }

        long nowMs() {
            return node.nowMs();
        }
    }

    SlotCourier(
            SlotTransferRun run, String name, SlotSet slots, SimulatedNode from, SimulatedNode to) {
        this.run = run;
        this.name = name;
        this.slots = slots.frozen();
        this.source = Side.of(from);
        this.target = Side.of(to);
        this.there = new Pipe(from, to);
        this.back = new Pipe(to, from);
        this.simulation = from.simulation();
    }

    boolean isOver() {
        return (sourceOver || !source.lives()) && (targetOver || !target.lives());
    }

    boolean stops(SimulatedNode node, int slot) {
        return stopped && node == source.node() && source.lives() && slots.get(slot);
    }

    /** A client's write was carried out at a node. */
    void written(SimulatedNode node, int slot, int probe, int write) {
        if (streaming && node == source.node() && source.lives() && slots.get(slot)) {
            there.send(() -> {
                if (!targetOver) {
                    BitSet[] one = run.keys(target.node()).copyOf(SlotSet.none());
                    one[probe].set(write);
                    run.keys(target.node()).take(one);
                }
            });
        }
    }

    /** An operator's wish at the source. Returns false when it is refused. */
    boolean begin() {
        String targetId = target.node().id().toString();
        if (!source.lives()
                || source.transfers().openExport(source.nowMs(), name, slots, targetId)
                        != TransferAnswer.DONE) {
            sourceOver = true;
            targetOver = true;
            return false;
        }
        step(source, TransferStep.EXPORT_OPENED, () -> {
            there.send(this::establish);
            keepAlive();
            awaitAnswer();
        });
        watchTarget(simulation.elapsedMs());
        return true;
    }

    /** The fault of that moment strikes, then the side goes on if it can. */
    private void step(Side side, TransferStep step, Runnable next) {
        run.reached(this, step);
        simulation.after(10, () -> {
            if (side.lives()) {
                side.node().whenAwake(() -> {
                    boolean over = side == source ? sourceOver : targetOver;
                    if (side.lives() && !over) {
                        next.run();
                    }
                });
            }
        });
    }

    private void keepAlive() {
        if (source.lives() && !sourceOver) {
            there.send(() -> heardMs = simulation.elapsedMs());
            simulation.after(KEEPALIVE_US, () -> source.node().whenAwake(this::keepAlive));
        }
    }

    /** The target ends a session in which nothing comes any more. */
    private void watchTarget(long sinceMs) {
        heardMs = Math.max(heardMs, sinceMs);
        if (!target.lives() || targetOver) {
            return;
        }
        if (simulation.elapsedMs() - heardMs > PATIENCE_MS) {
            endTarget();
        } else {
            simulation.after(
                    KEEPALIVE_US, () -> target.node().whenAwake(() -> watchTarget(sinceMs)));
        }
    }

    /** The source gives up when an answer takes too long. */
    private void awaitAnswer() {
        int question = ++asked;
        simulation.after(
                PATIENCE_MS * 1000,
                () -> source.node().whenAwake(() -> {
                    if (source.lives() && answers < question && !sourceOver) {
                        endSource();
                    }
                }));
    }

    private void answered() {
        answers = asked;
    }

    private void establish() {
        step(target, TransferStep.ESTABLISH_ARRIVED, () -> {
            run.saving(this, TransferStep.IMPORT_SAVED);
            TransferAnswer answer = target.transfers()
                    .openImport(
                            target.nowMs(),
                            name,
                            slots,
                            source.node().id().toString(),
                            run.keys(target.node()));
            run.saving(this, null);
            if (answer != TransferAnswer.DONE) {
                note("refuses to import", answer);
                targetOver = true;
                back.send(this::refused);
                return;
            }
            step(target, TransferStep.IMPORT_OPENED, () -> back.send(this::established));
        });
    }

    private void refused() {
        answered();
        endSource();
    }

    private void established() {
        if (sourceOver) {
            return;
        }
        answered();
        step(source, TransferStep.ESTABLISHED, () -> {
            BitSet[] snapshot = run.keys(source.node()).copyOf(slots);
            streaming = true;
            there.send(() -> takeSnapshot(snapshot));
            awaitAnswer();
            step(source, TransferStep.SNAPSHOT_SENT, () -> there.send(this::prepare));
        });
    }

    private void takeSnapshot(BitSet[] snapshot) {
        if (!targetOver) {
            run.keys(target.node()).take(snapshot);
            step(target, TransferStep.SNAPSHOT_ARRIVED, () -> {});
        }
    }

    private void prepare() {
        if (!targetOver) {
            step(
                    target,
                    TransferStep.PREPARE_ARRIVED,
                    () -> pollEpoch(simulation.elapsedMs() + PATIENCE_MS));
        }
    }

    private void pollEpoch(long untilMs) {
        run.saving(this, TransferStep.EPOCH_SAVED);
        TransferAnswer answer = target.transfers().prepareImport(target.nowMs(), name);
        run.saving(this, null);
        if (answer instanceof TransferAnswer.Done done) {
            step(target, TransferStep.EPOCH_GRANTED, () -> back.send(() -> prepared(done.epoch())));
        } else if (answer == TransferAnswer.NOT_YET && simulation.elapsedMs() < untilMs) {
            again(target, () -> pollEpoch(untilMs));
        } else {
            note("reserves no epoch", answer);
            endTarget();
        }
    }

    private void note(String verb, Object detail) {
        simulation.journal().note(simulation.elapsedUs(), target.node(), verb, null, detail);
    }

    private void again(Side side, Runnable poll) {
        simulation.after(
                POLL_US,
                () -> side.node().whenAwake(() -> {
                    boolean over = side == source ? sourceOver : targetOver;
                    if (side.lives() && !over) {
                        poll.run();
                    }
                }));
    }

    private void prepared(long epoch) {
        if (sourceOver) {
            return;
        }
        answered();
        step(source, TransferStep.PREPARED, () -> {
            stopped = true;
            awaitAnswer();
            step(source, TransferStep.STOPPED, () -> there.send(() -> ready(epoch)));
        });
    }

    private void ready(long epoch) {
        if (!targetOver) {
            step(target, TransferStep.READY_ARRIVED, () -> {
                long wanted = run.keys(target.node()).version();
                pollReplicas(wanted, epoch, simulation.elapsedMs() + PATIENCE_MS / 2);
            });
        }
    }

    private void pollReplicas(long wanted, long epoch, long untilMs) {
        NodeKeys keys = run.keys(target.node());
        boolean enough = keys.isReplicated(wanted) || !run.waitsForReplicas() && !keys.hasReplica();
        if (enough) {
            step(target, TransferStep.REPLICATED, () -> back.send(() -> handOver(epoch)));
        } else if (simulation.elapsedMs() < untilMs) {
            again(target, () -> pollReplicas(wanted, epoch, untilMs));
        } else {
            endTarget();
        }
    }

    private void handOver(long epoch) {
        if (sourceOver) {
            return;
        }
        answered();
        step(source, TransferStep.READY, () -> {
            run.saving(this, TransferStep.HAND_OVER_SAVED);
            TransferAnswer answer = source.transfers().handOver(source.nowMs(), name, epoch);
            run.saving(this, null);
            if (answer != TransferAnswer.DONE) {
                note("was not given the slots", answer);
                endSource();
                return;
            }
            handedOver = true;
            awaitAnswer();
            step(source, TransferStep.HANDED_OVER, () -> there.send(() -> take(epoch)));
        });
    }

    private void take(long epoch) {
        if (!targetOver) {
            step(
                    target,
                    TransferStep.TAKE_ARRIVED,
                    () -> pollClaim(epoch, simulation.elapsedMs() + PATIENCE_MS / 2));
        }
    }

    private void pollClaim(long epoch, long untilMs) {
        run.saving(this, TransferStep.CLAIM_SAVED);
        TransferAnswer answer = target.transfers().claimImport(target.nowMs(), name, epoch);
        run.saving(this, null);
        if (!target.lives()) {
            return;
        }
        if (answer == TransferAnswer.DONE) {
            targetOver = true;
            run.reached(this, TransferStep.CLAIMED);
            if (target.lives()) {
                back.send(this::taken);
            }
        } else if (answer == TransferAnswer.NOT_YET && simulation.elapsedMs() < untilMs) {
            again(target, () -> pollClaim(epoch, untilMs));
        } else {
            note("does not claim", answer);
            target.transfers().abandonImport(target.nowMs(), name);
            targetOver = true;
            back.send(this::notTaken);
        }
    }

    private void taken() {
        answered();
        run.reached(this, TransferStep.OK_ARRIVED);
        simulation.after(
                10,
                () -> source.node().whenAwake(() -> {
                    if (source.lives()) {
                        // Refused when the target's heartbeat was quicker.
                        source.transfers().exportTaken(source.nowMs(), name);
                        run.reached(this, TransferStep.FINISHED);
                    }
                }));
    }

    private void notTaken() {
        answered();
        if (!sourceOver) {
            source.transfers().resumeExport(source.nowMs(), name);
        }
    }

    /** The source's session ends. Bound to its word, the node waits for the target's; otherwise nothing has happened. */
    private void endSource() {
        if (sourceOver) {
            return;
        }
        back.close();
        there.send(this::endTarget);
        streaming = false;
        if (!handedOver) {
            source.transfers().closeExport(source.nowMs(), name);
            stopped = false;
            sourceOver = true;
        }
    }

    private void endTarget() {
        if (!targetOver && target.lives()) {
            targetOver = true;
            there.close();
            target.transfers().abandonImport(target.nowMs(), name);
            back.send(this::endSource);
        }
    }

    /** A process ended; its host may tell the other side. */
    void processEnded(SimulatedNode node, boolean reset) {
        if (reset && node == source.node() && source.life() == node.lives() && !sourceOver) {
            there.send(this::endTarget);
        } else if (reset && node == target.node() && target.life() == node.lives()) {
            back.send(this::endSource);
        }
    }

    void viewPublished(SimulatedNode node, ClusterView view) {
        if (node == source.node() && source.lives() && !sourceOver) {
            for (ExportView export : view.exports()) {
                if (export.name().equals(name)) {
                    return;
                }
            }
            stopped = false;
            streaming = false;
            sourceOver = true;
            there.send(this::endTarget);
        } else if (node == target.node() && target.lives() && !targetOver) {
            for (ImportView coming : view.imports()) {
                if (coming.name().equals(name) && coming.state() != ImportView.State.OPEN) {
                    targetOver = true;
                    there.close();
                    back.send(this::endSource);
                }
            }
        }
    }
}
