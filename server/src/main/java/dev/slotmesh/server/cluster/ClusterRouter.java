package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.Router;
import dev.slotmesh.server.session.Session;

import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Serve, MOVED, ASK, TRYAGAIN or CLUSTERDOWN: the decision table of the cluster bus facts, section 18.3, over the published
 * view.
 *
 * <p>The view is written under the world lock and read inside a slot's lock, so what a command was allowed stays allowed
 * until it ends. A command on one key of an own, quiet slot costs a volatile read and an array access and allocates
 * nothing.
 */
public final class ClusterRouter implements Router {
    static final String NOT_SERVED = "CLUSTERDOWN Hash slot not served";
    static final String DOWN = "CLUSTERDOWN The cluster is down";
    static final String DOWN_FOR_WRITES =
            "CLUSTERDOWN The cluster is down and only accepts read commands";
    static final String CROSS_SLOT = "CROSSSLOT Keys in request don't hash to the same slot";
    static final String TRY_AGAIN = "TRYAGAIN Multiple keys request during rehashing of slot";

    private final Configuration configuration;
    private final Endpoints endpoints;
    private final ReplicationRole role;
    private volatile ClusterView view;
    /** Replaced, never changed. */
    private volatile BitSet ofShard = new BitSet();

    private volatile Consumer<BitSet> shardChanged = changed -> {};

    ClusterRouter(Configuration configuration, Endpoints endpoints, ReplicationRole role) {
        this.role = role;
        this.configuration = configuration;
        this.endpoints = endpoints;
    }

    /** Routes by this view from now on, or refuses everything when it is null; the caller holds the world lock. */
    void publish(ClusterView newView) {
        BitSet now = slotsOfShard(newView);
        BitSet changed = (BitSet) now.clone();
        changed.xor(ofShard);
        view = newView;
        ofShard = now;
        if (!changed.isEmpty()) {
            shardChanged.accept(changed);
        }
    }

    /**
     * Has slots told that came to this node's shard or went from it: its own, or its primary's. Called under the world lock,
     * so it may take nothing but locks of its own.
     */
    public void whenShardChanges(Consumer<BitSet> listener) {
        shardChanged = listener;
    }

    private static BitSet slotsOfShard(ClusterView view) {
        BitSet slots = new BitSet(HashSlot.SLOT_COUNT);
        if (view == null) {
            return slots;
        }
        NodeView primary = view.myPrimary();
        int owner = primary == null ? view.myIndex() : view.nodes().indexOf(primary);
        for (int slot = 0; owner >= 0 && slot < HashSlot.SLOT_COUNT; slot++) {
            if (view.ownerIndex(slot) == owner) {
                slots.set(slot);
            }
        }
        return slots;
    }

    /** Whether a slot belongs to this node, or to the primary it replicates. Any thread. */
    public boolean isOfShard(int slot) {
        return ofShard.get(slot);
    }

    /** The view commands are routed by; null before the node has started. */
    ClusterView view() {
        return view;
    }

    @Override
    public String refusal(Call call, int slot) {
        ClusterView now = view;
        if (now == null) {
            return DOWN;
        }
        if (now.stateOk()
                && now.isMine(slot)
                && now.migratingTo(slot) == null
                && now.importingFrom(slot) == null
                && (call.keyCount() == 1 || keysInOneSlot(call, slot))) {
            return null;
        }
        return decide(call, slot, now);
    }

    /** As Redis looks at its waiting clients now and then: a slot that is being imported here may still be waited in. */
    @Override
    public String waitRefusal(Session session, int slot) {
        ClusterView now = view;
        if (now == null || !now.stateOk()) {
            return DOWN;
        }
        if (now.isMine(slot) || now.importingFrom(slot) != null) {
            return null;
        }
        NodeView owner = now.owner(slot);
        if (owner == null) {
            return NOT_SERVED;
        }
        boolean ownPrimary = session.state().readOnly()
                && now.myself().isReplica()
                && owner.id().equals(now.myself().primaryId());
        return ownPrimary ? null : "MOVED " + slot + " " + endpoints.target(owner);
    }

    @Override
    public boolean isReplica() {
        ClusterView now = view;
        return now != null && now.myself().isReplica();
    }

    private static boolean keysInOneSlot(Call call, int slot) {
        for (int i = 1; i < call.keyCount(); i++) {
            if (HashSlot.of(call.span(call.keyArgument(i))) != slot) {
                return false;
            }
        }
        return true;
    }

    private String decide(Call call, int slot, ClusterView now) {
        NodeView owner = now.owner(slot);
        if (owner == null) {
            return NOT_SERVED;
        }
        if (!keysInOneSlot(call, slot)) {
            return CROSS_SLOT;
        }
        boolean shardChannel = isShardChannel(call);
        if (!now.stateOk()) {
            String refusal = whenDown(call, shardChannel);
            if (refusal != null) {
                return refusal;
            }
        }
        boolean mine = now.isMine(slot);
        NodeView target = mine ? now.migratingTo(slot) : null;
        boolean importing = target == null && now.importingFrom(slot) != null;
        if ((target != null || importing) && call.spec().name().equals("migrate")) {
            return null;
        }
        if (target != null && !shardChannel) {
            int missing = missingKeys(call, slot);
            if (missing > 0) {
                return missing < call.keyCount()
                        ? TRY_AGAIN
                        : "ASK " + slot + " " + endpoints.target(target);
            }
        }
        if (importing && isAsking(call)) {
            boolean incomplete = !shardChannel && severalKeys(call) && missingKeys(call, slot) > 0;
            return incomplete ? TRY_AGAIN : null;
        }
        if (mine) {
            return null;
        }
        if (servesAsReplica(call, owner, now, shardChannel)) {
            return role.readRefusal(call.spec());
        }
        return "MOVED " + slot + " " + endpoints.target(owner);
    }

    private String whenDown(Call call, boolean shardChannel) {
        if (shardChannel) {
            return configuration.get(ClusterDirectives.CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN)
                    ? null
                    : DOWN;
        }
        if (!configuration.get(ClusterDirectives.CLUSTER_ALLOW_READS_WHEN_DOWN)) {
            return DOWN;
        }
        return call.spec().has(CommandFlags.WRITE) ? DOWN_FOR_WRITES : null;
    }

    private static boolean isShardChannel(Call call) {
        return switch (call.spec().name()) {
            case "spublish", "ssubscribe", "sunsubscribe" -> true;
            default -> false;
        };
    }

    private static boolean isAsking(Call call) {
        return call.client().asking() || call.spec().has(CommandFlags.ASKING);
    }

    /** Keys, repeated ones counted each time, that are not here. The slot's lock is held. */
    private static int missingKeys(Call call, int slot) {
        Database database = call.keyspace().database(0);
        Slot keys = database.slot(slot);
        int missing = 0;
        for (int i = 0; i < call.keyCount(); i++) {
            long entry = keys.peek(call.span(call.keyArgument(i)), call.nowMs());
            missing += entry == Slot.ABSENT ? 1 : 0;
        }
        return missing;
    }

    /** Whether there are keys that differ. */
    private static boolean severalKeys(Call call) {
        ByteSpan first = call.span(call.keyArgument(0));
        for (int i = 1; i < call.keyCount(); i++) {
            if (!first.contentEquals(call.span(call.keyArgument(i)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean servesAsReplica(
            Call call, NodeView owner, ClusterView now, boolean shardChannel) {
        return (call.client().readOnly() || shardChannel)
                && !call.spec().has(CommandFlags.WRITE)
                && now.myself().isReplica()
                && owner.id().equals(now.myself().primaryId());
    }
}
