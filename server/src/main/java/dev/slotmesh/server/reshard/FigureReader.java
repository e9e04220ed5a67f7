package dev.slotmesh.server.reshard;

import dev.slotmesh.resp.Reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the primaries what their slots hold: by CLUSTER SLOT-STATS, or, where a node has none, by counting keys. */
final class FigureReader {
    private static final int COUNTS_AT_ONCE = 1024;
    private static final String LAST_SLOT = Integer.toString(SlotRuns.SLOT_COUNT - 1);

    private final long[] keys = new long[SlotRuns.SLOT_COUNT];
    private final long[] bytes = new long[SlotRuns.SLOT_COUNT];
    private final long[] cpuUsec = new long[SlotRuns.SLOT_COUNT];
    private boolean hasBytes = true;
    private boolean hasCpuUsec = true;

    private FigureReader() {}

    /** Asks every primary that owns slots. */
    static Figures read(Cluster cluster, ClusterMap map) throws ReshardFailure {
        FigureReader reader = new FigureReader();
        for (Member primary : map.primaries()) {
            if (!primary.slots().isEmpty()) {
                reader.read(cluster.to(primary), primary);
            }
        }
        return new Figures(
                reader.keys,
                reader.hasBytes ? Optional.of(reader.bytes) : Optional.empty(),
                reader.hasCpuUsec ? Optional.of(reader.cpuUsec) : Optional.empty());
    }

    private void read(NodeConnection node, Member primary) throws ReshardFailure {
        if (node.ask("CLUSTER", "SLOT-STATS", "SLOTSRANGE", "0", LAST_SLOT)
                instanceof Reply.Array stats) {
            boolean allBytes = true;
            boolean allCpuUsec = true;
            for (Reply entry : stats.elements()) {
                List<Reply> pair = ReplyFields.elements(entry, node);
                int slot = pair.size() == 2 ? slot(pair.get(0), node) : -1;
                if (slot < 0) {
                    throw unexpected(node, entry);
                }
                ReplyFields fields = new ReplyFields(pair.get(1), node);
                keys[slot] = fields.number("key-count").orElseThrow(() -> unexpected(node, entry));
                Optional<Long> ofBytes = fields.number("memory-bytes");
                Optional<Long> ofCpu = fields.number("cpu-usec");
                bytes[slot] = ofBytes.orElse(0L);
                cpuUsec[slot] = ofCpu.orElse(0L);
                allBytes &= ofBytes.isPresent();
                allCpuUsec &= ofCpu.isPresent();
            }
            hasBytes &= allBytes;
            hasCpuUsec &= allCpuUsec;
        } else {
            hasBytes = false;
            hasCpuUsec = false;
            count(node, primary);
        }
    }

    private static int slot(Reply reply, NodeConnection node) throws ReshardFailure {
        long slot = ReplyFields.number(reply, node);
        return slot < SlotRuns.SLOT_COUNT ? (int) slot : -1;
    }

    private void count(NodeConnection node, Member primary) throws ReshardFailure {
        List<Integer> slots = new ArrayList<>();
        for (int slot : primary.slots().stream().toArray()) {
            node.add("CLUSTER", "COUNTKEYSINSLOT", Integer.toString(slot));
            slots.add(slot);
            if (slots.size() == COUNTS_AT_ONCE) {
                take(node, slots);
            }
        }
        take(node, slots);
    }

    private void take(NodeConnection node, List<Integer> slots) throws ReshardFailure {
        List<Reply> counts = node.exchange();
        for (int at = 0; at < slots.size(); at++) {
            keys[slots.get(at)] = ReplyFields.number(counts.get(at), node);
        }
        slots.clear();
    }

    private static ReshardFailure unexpected(NodeConnection node, Reply reply) {
        return new ReshardFailure(node.address() + " says of its slots: " + reply);
    }
}
