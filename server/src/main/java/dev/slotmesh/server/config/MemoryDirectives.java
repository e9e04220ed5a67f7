package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.List;

/** The memory limit, eviction, expiry, lazy freeing and defragmentation. */
public final class MemoryDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<Long> MAXMEMORY =
            TABLE.special("maxmemory", new MemorySyntax(0, Long.MAX_VALUE).saturating(), 0L);

    public static final Directive<Long> MAXMEMORY_CLIENTS =
            TABLE.special("maxmemory-clients", new PercentOrMemorySyntax(), 0L);

    public static final Directive<EvictionPolicy> MAXMEMORY_POLICY =
            TABLE.choice("maxmemory-policy", EvictionPolicy.NOEVICTION);

    public static final Directive<Long> MAXMEMORY_SAMPLES =
            TABLE.integer("maxmemory-samples", 1, Integer.MAX_VALUE, 5);

    public static final Directive<Long> MAXMEMORY_EVICTION_TENACITY =
            TABLE.integer("maxmemory-eviction-tenacity", 0, 100, 10);

    public static final Directive<Long> LFU_LOG_FACTOR =
            TABLE.integer("lfu-log-factor", 0, Integer.MAX_VALUE, 10);

    public static final Directive<Long> LFU_DECAY_TIME =
            TABLE.integer("lfu-decay-time", 0, Integer.MAX_VALUE, 1);

    public static final Directive<Long> ACTIVE_EXPIRE_EFFORT =
            TABLE.integer("active-expire-effort", 1, 10, 1);

    public static final Directive<Boolean> LAZYFREE_LAZY_EVICTION =
            TABLE.flag("lazyfree-lazy-eviction", false);

    public static final Directive<Boolean> LAZYFREE_LAZY_EXPIRE =
            TABLE.flag("lazyfree-lazy-expire", false);

    public static final Directive<Boolean> LAZYFREE_LAZY_SERVER_DEL =
            TABLE.flag("lazyfree-lazy-server-del", false);

    public static final Directive<Boolean> LAZYFREE_LAZY_USER_DEL =
            TABLE.flag("lazyfree-lazy-user-del", false, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> LAZYFREE_LAZY_USER_FLUSH =
            TABLE.flag("lazyfree-lazy-user-flush", false);

    public static final Directive<Long> TRACKING_TABLE_MAX_KEYS = TABLE.integer(
            "tracking-table-max-keys", 0, Long.MAX_VALUE, 1000000, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> ACTIVEREHASHING =
            TABLE.flag("activerehashing", true, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> JEMALLOC_BG_THREAD =
            TABLE.flag("jemalloc-bg-thread", true, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> ACTIVEDEFRAG = TABLE.flag("activedefrag", false);

    public static final Directive<Long> ACTIVE_DEFRAG_IGNORE_BYTES =
            TABLE.memory("active-defrag-ignore-bytes", 1, Long.MAX_VALUE, 100 << 20);

    public static final Directive<Long> ACTIVE_DEFRAG_THRESHOLD_LOWER =
            TABLE.integer("active-defrag-threshold-lower", 0, 1000, 10);

    public static final Directive<Long> ACTIVE_DEFRAG_THRESHOLD_UPPER =
            TABLE.integer("active-defrag-threshold-upper", 0, 1000, 100);

    public static final Directive<Long> ACTIVE_DEFRAG_CYCLE_MIN =
            TABLE.integer("active-defrag-cycle-min", 1, 99, 1);

    public static final Directive<Long> ACTIVE_DEFRAG_CYCLE_MAX =
            TABLE.integer("active-defrag-cycle-max", 1, 99, 25);

    public static final Directive<Long> ACTIVE_DEFRAG_MAX_SCAN_FIELDS = TABLE.integer(
            "active-defrag-max-scan-fields", 1, Long.MAX_VALUE, 1000, Trait.WITHOUT_MEANING);

    private MemoryDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
