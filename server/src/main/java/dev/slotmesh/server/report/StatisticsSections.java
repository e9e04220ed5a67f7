package dev.slotmesh.server.report;

import dev.slotmesh.keyspace.Compaction;
import dev.slotmesh.keyspace.Eviction;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.Rates;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.pubsub.SubscriptionKind;
import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.session.WorkerStatistics.StatisticsSum;

import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** INFO's sections that count: traffic, commands, errors, and the honest rest of what is not there yet. */
final class StatisticsSections {
    private static final double KIBIBYTE = 1024;

    private final Node node;

    StatisticsSections(Node node) {
        this.node = node;
    }

    void stats(ReportText out) {
        StatisticsSum sum = node.dispatcher().statistics();
        Rates rates = node.cron().rates();
        out.field(
                "total_connections_received",
                node.dispatcher().clients().acceptedTotal() + node.refusedConnections());
        out.field("total_commands_processed", sum.commands());
        out.field("instantaneous_ops_per_sec", rates.commandsPerSecond());
        out.field("total_net_input_bytes", sum.networkIn());
        out.field("total_net_output_bytes", sum.networkOut());
        out.decimal("instantaneous_input_kbps", rates.inputBytesPerSecond() / KIBIBYTE);
        out.decimal("instantaneous_output_kbps", rates.outputBytesPerSecond() / KIBIBYTE);
        out.field("rejected_connections", node.refusedConnections());
        node.replication().reportCounts(out);
        out.field("expired_keys", node.keyspace().expiredKeyCount());
        out.decimal("expired_stale_perc", node.cron().expiry().stalePercentage());
        out.field("expired_time_cap_reached_count", node.cron().expiry().timeCapReachedCount());
        Eviction eviction = node.keyspace().eviction();
        out.field("evicted_keys", eviction.evictedKeyCount());
        out.field("evicted_clients", node.memoryUpkeep().evictedClientCount());
        out.field("total_eviction_exceeded_time", eviction.totalExceededMs());
        out.field("current_eviction_exceeded_time", eviction.currentExceededMs());
        out.field("keyspace_hits", sum.hits());
        out.field("keyspace_misses", sum.misses());
        Subscriptions subscriptions = node.subscriptions();
        out.field("pubsub_channels", subscriptions.nameCount(SubscriptionKind.CHANNEL));
        out.field("pubsub_patterns", subscriptions.nameCount(SubscriptionKind.PATTERN));
        out.field("pubsubshard_channels", subscriptions.nameCount(SubscriptionKind.SHARD_CHANNEL));
        out.field("latest_fork_usec", 0);
        out.field("total_forks", 0);
        Compaction compaction = node.keyspace().compaction();
        out.field("active_defrag_hits", compaction.movedCount());
        out.field("active_defrag_key_hits", compaction.movedKeyCount());
        out.field("active_defrag_key_misses", compaction.stayingKeyCount());
        out.field("total_error_replies", sum.errorReplies());
    }

    void commandStatistics(ReportText out) {
        StatisticsSum sum = node.dispatcher().statistics();
        var table = node.dispatcher().table();
        for (int i = 0; i < table.size(); i++) {
            CommandSpec spec = table.at(i);
            long calls = sum.calls(i);
            if (calls == 0 && sum.rejected(i) == 0) {
                continue;
            }
            double micros = TimeUnit.NANOSECONDS.toMicros(sum.nanos(i));
            out.field(
                    "cmdstat_" + spec.name(),
                    String.format(
                            Locale.ROOT,
                            "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                            calls,
                            (long) micros,
                            calls == 0 ? 0.0 : sum.nanos(i) / 1000.0 / calls,
                            sum.rejected(i),
                            sum.failed(i)));
        }
    }

    void errorStatistics(ReportText out) {
        new TreeMap<>(node.dispatcher().statistics().errors())
                .forEach((code, count) -> out.field("errorstat_" + code, "count=" + count));
    }
}
