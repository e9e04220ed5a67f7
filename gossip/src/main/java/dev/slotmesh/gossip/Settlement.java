package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.BitSet;
import java.util.List;

/**
 * The end of every input: the cluster state is judged if need be, the configuration saved, the view published, and only then
 * do the effects leave (cluster bus facts, sections 5 and 6).
 */
final class Settlement {
    private final Agenda agenda;
    private final Outbox outbox;
    private final ClusterHealth health;
    private final Failovers failovers;
    private final SlotTransfers.Rules transfers;
    private final SlotTable slots;
    private final Shown shown;
    private final Effects effects;

    private long version;

    Settlement(Pending pending, Judges judges, SlotTable slots, Shown shown, Effects effects) {
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
        this.health = judges.health();
        this.failovers = judges.failovers();
        this.transfers = judges.transfers();
        this.slots = slots;
        this.shown = shown;
        this.effects = effects;
    }

    /** Who may change roles at the end of an input, and the cluster state. */
    record Judges(Failovers failovers, ClusterHealth health, SlotTransfers.Rules transfers) {}

    /** What the view and the file are made of. */
    record Shown(
            ViewBuilder views,
            ShardIds shards,
            Tombstones tombstones,
            Introductions introductions,
            Transfers transfers) {
        /** All but who is unconfirmed. */
        PrivateVars privateVars(long nowMs) {
            return new PrivateVars(
                    shards.stored(),
                    tombstones.stored(nowMs),
                    List.of(),
                    transfers.handedOver(),
                    transfers.importViews());
        }
    }

    void saveDurably() {
        agenda.saveDurably();
    }

    void settle(long nowMs) {
        if (agenda.takeElection()) {
            failovers.step(nowMs);
        }
        transfers.step(nowMs);
        if (agenda.takeEvaluate()) {
            health.evaluate(nowMs);
        }
        SlotSet lost = slots.takeLost();
        if (lost != null) {
            outbox.leaveShardChannels(lost);
        }
        if (agenda.wantsPublish()) {
            saveAndPublish(nowMs);
        }
        outbox.release(effects);
    }

    /** A view with what is true now, under the number of the last published one. */
    ClusterView describe() {
        return shown.views().describe(version);
    }

    private void saveAndPublish(long nowMs) {
        boolean save = agenda.wantsSave();
        boolean fsync = agenda.wantsFsync();
        agenda.done();
        ClusterView view = shown.views().publish(++version);
        if (save) {
            PrivateVars vars = shown.privateVars(nowMs);
            BitSet unconfirmed = shown.introductions().unconfirmed();
            effects.saveConfiguration(
                    () -> NodesConf.write(view, vars.withUnconfirmed(ids(view, unconfirmed))),
                    fsync);
        }
        effects.publishView(view);
    }

    private static List<NodeId> ids(ClusterView view, BitSet places) {
        return places.stream().mapToObj(place -> view.node(place).id()).toList();
    }
}
