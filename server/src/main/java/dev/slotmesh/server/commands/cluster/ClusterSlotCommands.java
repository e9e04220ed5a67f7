package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.gossip.OperatorRequests;
import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.gossip.OperatorResult.Rejected;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The CLUSTER subcommands about slots: who owns them, what moves, which keys they hold. */
final class ClusterSlotCommands {
    /** No deadline lies before it: keys whose time has passed but are still counted are listed too. */
    private static final long BEFORE_ALL_DEADLINES = 0;

    private static final Rejected NO_SUCH_FORM =
            new Rejected("Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP");

    private final ClusterService cluster;

    ClusterSlotCommands(ClusterService cluster) {
        this.cluster = cluster;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("cluster|addslots", call -> add(call, SlotArguments.singles(call)))
                .bind("cluster|addslotsrange", call -> add(call, ranges(call, false)))
                .bind("cluster|delslots", call -> delete(call, SlotArguments.singles(call)))
                .bind("cluster|delslotsrange", call -> delete(call, ranges(call, true)))
                .bind("cluster|flushslots", this::flushSlots)
                .bind("cluster|setslot", this::setSlot)
                .bind("cluster|keyslot", this::keySlot)
                .bind("cluster|countkeysinslot", this::countKeysInSlot)
                .bind("cluster|getkeysinslot", this::getKeysInSlot);
    }

    private List<Integer> ranges(Call call, boolean owned) {
        return SlotArguments.ranges(call, cluster.view(), owned);
    }

    private void add(Call call, List<Integer> slots) {
        cluster.ask(
                call.suspend(),
                (gossip, nowMs) -> OperatorReplies.of(gossip.operator().addSlots(nowMs, slots)));
    }

    private void delete(Call call, List<Integer> slots) {
        cluster.ask(
                call.suspend(),
                (gossip, nowMs) -> OperatorReplies.of(gossip.operator().delSlots(nowMs, slots)));
    }

    void flushSlots(Call call) {
        cluster.ask(
                call.suspend(),
                (gossip, nowMs) -> OperatorReplies.of(
                        gossip.operator().flushSlots(nowMs, cluster.slotKeys())));
    }

    /** What a client wrote after CLUSTER SETSLOT; {@code slot} is -1 when it is none, {@code node} null when absent. */
    private record SetSlot(int slot, String action, String node) {}

    void setSlot(Call call) {
        int words = call.count();
        SetSlot asked = new SetSlot(
                SlotArguments.slotOrMinusOne(call, 2),
                words > 5 ? "" : call.text(3).toUpperCase(Locale.ROOT),
                words == 5 ? call.text(4) : null);
        cluster.ask(
                call.suspend(),
                (gossip, nowMs) -> OperatorReplies.of(setSlot(gossip.operator(), nowMs, asked)));
    }

    private OperatorResult setSlot(OperatorRequests operator, long nowMs, SetSlot asked) {
        Rejected refusal = operator.setSlotRefusal();
        if (refusal != null) {
            return refusal;
        }
        int slot = asked.slot();
        if (slot < 0) {
            return new Rejected("Invalid or out of range slot");
        }
        String node = asked.node();
        if (node == null) {
            return asked.action().equals("STABLE")
                    ? operator.setSlotStable(nowMs, slot)
                    : NO_SUCH_FORM;
        }
        return switch (asked.action()) {
            case "MIGRATING" -> operator.setSlotMigrating(nowMs, slot, node);
            case "IMPORTING" -> operator.setSlotImporting(nowMs, slot, node);
            case "NODE" -> operator.setSlotNode(nowMs, slot, node, cluster.slotKeys());
            default -> NO_SUCH_FORM;
        };
    }

    void keySlot(Call call) {
        call.reply().integer(HashSlot.of(call.span(2)));
    }

    void countKeysInSlot(Call call) {
        long slot = call.integer(2);
        if (slot < 0 || slot >= HashSlot.SLOT_COUNT) {
            throw new ErrorReply("ERR Invalid slot");
        }
        call.reply().integer(cluster.slotKeys().keysIn((int) slot));
    }

    void getKeysInSlot(Call call) {
        long slot = call.integer(2);
        long most = call.integer(3);
        if (slot < 0 || slot >= HashSlot.SLOT_COUNT || most < 0) {
            throw new ErrorReply("ERR Invalid slot or number of keys");
        }
        List<byte[]> keys = keys(call, (int) slot, (int) Math.min(most, Integer.MAX_VALUE));
        call.reply().array(keys.size());
        for (byte[] key : keys) {
            call.reply().bulk(key);
        }
    }

    private static List<byte[]> keys(Call call, int slot, int most) {
        List<byte[]> keys = new ArrayList<>();
        if (most == 0 || call.keyspace().database(0).keyCount(slot) == 0) {
            return keys;
        }
        call.keyspace().locks().lock(slot);
        try {
            ByteSpan key = new ByteSpan();
            call.keyspace()
                    .database(0)
                    .slot(slot)
                    .forEach(
                            BEFORE_ALL_DEADLINES,
                            most,
                            (of, entry) -> keys.add(of.key(entry, key).toByteArray()));
        } finally {
            call.keyspace().locks().unlock(slot);
        }
        return keys;
    }
}
