package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.SlotMemory;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.SlotLoads;
import dev.slotmesh.server.session.Suspension;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * CLUSTER SLOT-STATS: what the slots of this node's shard hold and cost. Without {@code cluster-slot-stats-enabled} that is the
 * number of keys, which is at hand; with it memory is looked for as well, on another thread since that may take a while.
 */
final class SlotStatsCommand {
    private final ClusterService cluster;
    private final Executor background;

    /** A slot with its metrics, in their order. */
    private record Row(int slot, long[] values) {}

    SlotStatsCommand(ClusterService cluster, Executor background) {
        this.cluster = cluster;
        this.background = background;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("cluster|slot-stats", this::stats);
    }

    private void stats(Call call) {
        SlotLoads loads = call.dispatcher().slotLoads();
        boolean counted = loads.isCounted();
        SlotStatsQuery query = SlotStatsQuery.parse(call, counted);
        Database database = call.keyspace().database(0);
        List<Row> rows = rows(database, query, counted ? loads.read() : null);
        if (!counted) {
            write(call.reply(), chosen(rows, query));
            return;
        }
        Suspension suspension = call.suspend();
        background.execute(() -> {
            boolean all = query.order() == SlotMetric.MEMORY_BYTES;
            List<Row> shown = all ? rows : chosen(rows, query);
            for (Row row : shown) {
                row.values[SlotMetric.MEMORY_BYTES.ordinal()] =
                        SlotMemory.bytes(database, row.slot);
            }
            List<Row> sorted = all ? chosen(rows, query) : shown;
            suspension.resume(reply -> write(reply, sorted));
        });
    }

    /** The slots of this shard in the range asked for, all metrics but memory filled in. */
    private List<Row> rows(Database database, SlotStatsQuery query, SlotLoads.Reading loads) {
        List<Row> rows = new ArrayList<>();
        for (int slot = query.first(); slot <= query.last(); slot++) {
            if (!cluster.router().isOfShard(slot)) {
                continue;
            }
            long keys = database.keyCount(slot);
            rows.add(new Row(
                    slot,
                    loads == null
                            ? new long[] {keys}
                            : new long[] {
                                keys,
                                loads.cpuMicros(slot),
                                loads.bytesIn(slot),
                                loads.bytesOut(slot),
                                0
                            }));
        }
        return rows;
    }

    /** In the order asked for and as many as asked for; of equals the lowest slot comes first. */
    private static List<Row> chosen(List<Row> rows, SlotStatsQuery query) {
        if (query.order() == null) {
            return rows;
        }
        int metric = query.order().ordinal();
        Comparator<Row> byMetric = Comparator.comparingLong(row -> row.values[metric]);
        List<Row> sorted = new ArrayList<>(rows);
        // A stable sort of rows that are in the order of slots.
        sorted.sort(query.descending() ? byMetric.reversed() : byMetric);
        return sorted.subList(0, Math.min(query.limit(), sorted.size()));
    }

    private static void write(ReplyEncoder reply, List<Row> rows) {
        reply.array(rows.size());
        for (Row row : rows) {
            reply.array(2);
            reply.integer(row.slot);
            reply.map(row.values.length);
            for (int i = 0; i < row.values.length; i++) {
                reply.bulk(SlotMetric.values()[i].wireName());
                reply.integer(row.values[i]);
            }
        }
    }
}
