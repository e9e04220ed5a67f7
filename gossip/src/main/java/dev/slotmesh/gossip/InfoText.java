package dev.slotmesh.gossip;

import dev.slotmesh.bus.MessageType;

import java.util.function.ToLongFunction;

/** The text of CLUSTER INFO (cluster bus facts, section 17.4). */
final class InfoText {
    private InfoText() {}

    static String of(ClusterView view, MessageCounters counters) {
        StringBuilder text = new StringBuilder(512);
        ClusterCounts counts = view.counts();
        line(text, "cluster_state", view.stateOk() ? "ok" : "fail");
        line(text, "cluster_slots_assigned", counts.slotsAssigned());
        line(text, "cluster_slots_ok", counts.slotsOk());
        line(text, "cluster_slots_pfail", counts.slotsPfail());
        line(text, "cluster_slots_fail", counts.slotsFail());
        line(text, "cluster_known_nodes", counts.knownNodes());
        line(text, "cluster_size", counts.size());
        line(text, "cluster_current_epoch", Long.toUnsignedString(counts.currentEpoch()));
        line(text, "cluster_my_epoch", Long.toUnsignedString(counts.myEpoch()));
        messages(text, "sent", counters::sent);
        messages(text, "received", counters::received);
        line(text, "total_cluster_links_buffer_limit_exceeded", counters.bufferLimitExceeded());
        return text.toString();
    }

    private static void messages(
            StringBuilder text, String direction, ToLongFunction<MessageType> count) {
        long total = 0;
        for (MessageType type : MessageType.values()) {
            long messages = count.applyAsLong(type);
            total += messages;
            if (messages != 0) {
                line(
                        text,
                        "cluster_stats_messages_" + type.statsName() + "_" + direction,
                        messages);
            }
        }
        line(text, "cluster_stats_messages_" + direction, total);
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(':').append(value).append("\r\n");
    }
}
