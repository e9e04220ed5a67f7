package dev.slotmesh.server.reshard;

import java.util.Locale;

/** By what a cluster is balanced. */
enum Metric {
    SLOTS,
    KEYS,
    MEMORY,
    LOAD;

    /**
     * The metric of that name in lower case.
     *
     * @throws ReshardFailure of usage, when there is none
     */
    static Metric named(String name) throws ReshardFailure {
        for (Metric metric : values()) {
            if (metric.toString().equals(name)) {
                return metric;
            }
        }
        throw ReshardFailure.ofUsage("--by takes slots, keys, memory or load, not '" + name + "'");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
