package dev.slotmesh.gossip;

import dev.slotmesh.bus.SlotSet;

/**
 * The end of every input: the cluster state is judged if need be, the configuration saved, the view published, and only then
 * do the effects leave (cluster bus facts, sections 5 and 6).
 */
final class Settlement {
    private final Agenda agenda;
    private final Outbox outbox;
    private final ClusterHealth health;
    private final SlotTable slots;
    private final ViewBuilder views;
    private final Effects effects;

    private long version;

    Settlement(
            Pending pending,
            ClusterHealth health,
            SlotTable slots,
            ViewBuilder views,
            Effects effects) {
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
        this.health = health;
        this.slots = slots;
        this.views = views;
        this.effects = effects;
    }

    void saveDurably() {
        agenda.saveDurably();
    }

    void settle(long nowMs) {
        if (agenda.takeEvaluate()) {
            health.evaluate(nowMs);
        }
        SlotSet lost = slots.takeLost();
        if (lost != null) {
            outbox.leaveShardChannels(lost);
        }
        if (agenda.wantsPublish()) {
            saveAndPublish();
        }
        outbox.release(effects);
    }

    /** A view with what is true now, under the number of the last published one. */
    ClusterView describe() {
        return views.build(version);
    }

    private void saveAndPublish() {
        boolean save = agenda.wantsSave();
        boolean fsync = agenda.wantsFsync();
        agenda.done();
        ClusterView view = views.build(++version);
        if (save) {
            effects.saveConfiguration(() -> NodesConf.write(view), fsync);
        }
        effects.publishView(view);
    }
}
