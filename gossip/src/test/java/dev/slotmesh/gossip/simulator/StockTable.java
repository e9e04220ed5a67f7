package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.PrivateVars;
import dev.slotmesh.gossip.StoredNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of a modelled stock node, and what is left to do at the end of an input. */
final class StockTable {
    final StockEntry myself;
    final List<StockEntry> entries = new ArrayList<>();

    long currentEpoch;
    long lastVoteEpoch;
    boolean stateOk;
    /** Primaries with slots when the state was last evaluated. */
    int size = 1;

    boolean save;
    boolean fsync;
    boolean evaluate;
    boolean shows = true;

    private final Map<NodeId, StockEntry> byId = new HashMap<>();
    private final StockEntry[] owners = new StockEntry[SlotSet.SLOT_COUNT];
    private final SlotSet ownerNotClaiming = new SlotSet();
    private int assigned;

    StockTable(ClusterConfiguration configuration, long nowMs) {
        for (StoredNode stored : configuration.nodes()) {
            StockEntry entry = new StockEntry(stored.id(), stored.flags(), stored.address(), nowMs);
            entry.configEpoch = stored.configEpoch();
            entry.pongReceivedMs = stored.pongSeen() ? nowMs : 0;
            entry.failedMs = nowMs;
            add(entry);
        }
        myself = find(configuration.myself().id());
        for (StoredNode stored : configuration.nodes()) {
            StockEntry entry = find(stored.id());
            for (int slot = stored.slots().nextSet(0);
                    slot >= 0;
                    slot = stored.slots().nextSet(slot + 1)) {
                assign(slot, entry);
            }
            entry.share(stored.slots());
            StockEntry primary = find(stored.primaryId());
            if (primary != null) {
                entry.primary = primary;
                primary.replicas.add(entry);
            }
            currentEpoch = Math.max(currentEpoch, stored.configEpoch());
        }
        currentEpoch = Math.max(currentEpoch, configuration.currentEpoch());
        lastVoteEpoch = configuration.lastVoteEpoch();
        save = !configuration.stored();
        fsync = save;
    }

    StockEntry find(NodeId id) {
        return byId.get(id);
    }

    void add(StockEntry entry) {
        entries.add(entry);
        byId.put(entry.id, entry);
        shows = true;
    }

    void rename(StockEntry entry, NodeId id) {
        byId.remove(entry.id);
        entry.id = id;
        byId.put(id, entry);
        shows = true;
    }

    void remove(StockEntry entry) {
        for (int slot = entry.slots().nextSet(0);
                slot >= 0;
                slot = entry.slots().nextSet(slot + 1)) {
            release(slot);
        }
        entries.remove(entry);
        byId.remove(entry.id);
        entries.forEach(other -> other.reports.remove(entry));
        entry.replicas.forEach(replica -> replica.primary = null);
        leavePrimary(entry);
        saveSoon();
    }

    StockEntry owner(int slot) {
        return owners[slot];
    }

    boolean isUnclaimed(int slot) {
        return owners[slot] == null || ownerNotClaiming.get(slot);
    }

    void assign(int slot, StockEntry entry) {
        release(slot);
        owners[slot] = entry;
        entry.take(slot);
        assigned++;
    }

    void release(int slot) {
        if (owners[slot] != null) {
            owners[slot].drop(slot);
            owners[slot] = null;
            ownerNotClaiming.clear(slot);
            assigned--;
        }
    }

    /** The owner of a slot says, or no longer says, that it has it. */
    void claims(int slot, boolean claimed) {
        if (claimed) {
            ownerNotClaiming.clear(slot);
        } else {
            ownerNotClaiming.set(slot);
        }
    }

    SlotSet claimedBy(StockEntry entry) {
        return entry.slots().minus(ownerNotClaiming);
    }

    void makePrimary(StockEntry entry) {
        if (!entry.has(NodeFlags.PRIMARY)) {
            if (entry.primary != null) {
                leavePrimary(entry);
                entry.flags |= entry == myself ? 0 : NodeFlags.MIGRATE_TO;
            }
            entry.flags = entry.flags & ~NodeFlags.REPLICA | NodeFlags.PRIMARY;
            evaluateSoon();
        }
    }

    void makeReplica(StockEntry entry, StockEntry primary) {
        entry.flags = entry.flags & ~(NodeFlags.PRIMARY | NodeFlags.MIGRATE_TO) | NodeFlags.REPLICA;
        leavePrimary(entry);
        if (primary != null) {
            entry.primary = primary;
            primary.replicas.add(entry);
            primary.flags |= NodeFlags.MIGRATE_TO;
        }
        evaluateSoon();
    }

    private static void leavePrimary(StockEntry entry) {
        if (entry.primary != null) {
            entry.primary.replicas.remove(entry);
            if (entry.primary.replicas.isEmpty()) {
                entry.primary.flags &= ~NodeFlags.MIGRATE_TO;
            }
            entry.primary = null;
        }
    }

    void saveSoon() {
        save = true;
        shows = true;
    }

    void saveDurably() {
        saveSoon();
        fsync = true;
    }

    void evaluateSoon() {
        saveSoon();
        evaluate = true;
    }

    /** The greatest epoch anybody has, plus one, becomes this node's. */
    void stepEpoch() {
        currentEpoch++;
        myself.configEpoch = currentEpoch;
        saveDurably();
    }

    boolean isCovered() {
        return assigned == SlotSet.SLOT_COUNT
                && entries.stream()
                        .noneMatch(entry -> entry.has(NodeFlags.FAIL) && entry.slotCount() > 0);
    }

    int quorum() {
        return size / 2 + 1;
    }

    Outlook outlook() {
        NodeView[] views = new NodeView[entries.size()];
        views[0] = myself.view();
        int next = 1;
        for (StockEntry entry : entries) {
            if (entry != myself) {
                views[next++] = entry.view();
            }
        }
        return new Outlook(
                Collections.unmodifiableList(Arrays.asList(views)),
                currentEpoch,
                lastVoteEpoch,
                stateOk);
    }

    /** What nodes.conf holds of an outlook. */
    static ClusterConfiguration stored(Outlook outlook) {
        List<StoredNode> lines = new ArrayList<>();
        for (NodeView entry : outlook.nodes()) {
            if (!entry.isInHandshake()) {
                lines.add(new StoredNode(
                        entry.id(),
                        entry.address(),
                        entry.flags() & ~NodeFlags.MEET,
                        entry.primaryId(),
                        false,
                        entry.pongReceivedMs() != 0,
                        entry.isPrimary() ? entry.configEpoch() : 0,
                        entry.slots(),
                        Collections.unmodifiableSortedMap(new TreeMap<>()),
                        Collections.unmodifiableSortedMap(new TreeMap<>())));
            }
        }
        return new ClusterConfiguration(
                lines, outlook.currentEpoch(), outlook.lastVoteEpoch(), PrivateVars.NONE, true);
    }
}
