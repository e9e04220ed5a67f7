package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.server.session.Call;

/** What CLUSTER SLOT-STATS tells of a slot, in the order of its replies. */
enum SlotMetric {
    KEY_COUNT("key-count"),
    CPU_USEC("cpu-usec"),
    NETWORK_BYTES_IN("network-bytes-in"),
    NETWORK_BYTES_OUT("network-bytes-out"),
    MEMORY_BYTES("memory-bytes");

    private final String wireName;

    SlotMetric(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    /** The metric an argument names, or null. */
    static SlotMetric named(Call call, int argument) {
        String name = call.text(argument);
        for (SlotMetric metric : values()) {
            if (metric.wireName.equalsIgnoreCase(name)) {
                return metric;
            }
        }
        return null;
    }
}
