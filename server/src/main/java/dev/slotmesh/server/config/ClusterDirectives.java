package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.List;

/** The cluster: bus, announced addresses, failure detection and coverage. */
public final class ClusterDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<Boolean> CLUSTER_ENABLED =
            TABLE.flag("cluster-enabled", false, Trait.IMMUTABLE);

    public static final Directive<String> CLUSTER_CONFIG_FILE =
            TABLE.text("cluster-config-file", "nodes.conf", Trait.IMMUTABLE);

    public static final Directive<Long> CLUSTER_NODE_TIMEOUT =
            TABLE.integer("cluster-node-timeout", 0, Long.MAX_VALUE, 15000);

    public static final Directive<Long> CLUSTER_PORT =
            TABLE.integer("cluster-port", 0, 65535, 0, Trait.IMMUTABLE);

    public static final Directive<Long> CLUSTER_ANNOUNCE_PORT =
            TABLE.integer("cluster-announce-port", 0, 65535, 0);

    public static final Directive<Long> CLUSTER_ANNOUNCE_BUS_PORT =
            TABLE.integer("cluster-announce-bus-port", 0, 65535, 0);

    public static final Directive<Long> CLUSTER_ANNOUNCE_TLS_PORT =
            TABLE.integer("cluster-announce-tls-port", 0, 65535, 0, Trait.WITHOUT_MEANING);

    public static final Directive<String> CLUSTER_ANNOUNCE_IP =
            TABLE.text("cluster-announce-ip", "");

    public static final Directive<String> CLUSTER_ANNOUNCE_HOSTNAME =
            TABLE.special("cluster-announce-hostname", TextSyntax.hostName(), "");

    public static final Directive<EndpointType> CLUSTER_PREFERRED_ENDPOINT_TYPE =
            TABLE.choice("cluster-preferred-endpoint-type", EndpointType.IP);

    public static final Directive<Long> CLUSTER_MIGRATION_BARRIER =
            TABLE.integer("cluster-migration-barrier", 0, Integer.MAX_VALUE, 1);

    public static final Directive<Long> CLUSTER_REPLICA_VALIDITY_FACTOR = TABLE.integer(
            "cluster-replica-validity-factor|cluster-slave-validity-factor",
            0,
            Integer.MAX_VALUE,
            10);

    public static final Directive<Boolean> CLUSTER_REPLICA_NO_FAILOVER =
            TABLE.flag("cluster-replica-no-failover|cluster-slave-no-failover", false);

    /** Beyond Redis, as are the next four; see docs/gossip.md. */
    public static final Directive<Boolean> CLUSTER_HARD_EVIDENCE =
            TABLE.flag("cluster-hard-evidence", true);

    public static final Directive<Boolean> CLUSTER_STALL_DISCOUNT =
            TABLE.flag("cluster-stall-discount", true);

    public static final Directive<Boolean> CLUSTER_PROMPT_ELECTIONS =
            TABLE.flag("cluster-prompt-elections", true);

    public static final Directive<Boolean> CLUSTER_FLAT_HEARTBEATS =
            TABLE.flag("cluster-flat-heartbeats", true);

    public static final Directive<Boolean> CLUSTER_LASTING_FORGET =
            TABLE.flag("cluster-lasting-forget", true);

    public static final Directive<Boolean> CLUSTER_REQUIRE_FULL_COVERAGE =
            TABLE.flag("cluster-require-full-coverage", true);

    public static final Directive<Boolean> CLUSTER_ALLOW_REPLICA_MIGRATION =
            TABLE.flag("cluster-allow-replica-migration", true);

    public static final Directive<Boolean> CLUSTER_ALLOW_READS_WHEN_DOWN =
            TABLE.flag("cluster-allow-reads-when-down", false);

    public static final Directive<Boolean> CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN =
            TABLE.flag("cluster-allow-pubsubshard-when-down", true);

    /** Of Redis 8.2 and Valkey 8: what each slot costs is counted for CLUSTER SLOT-STATS. */
    public static final Directive<Boolean> CLUSTER_SLOT_STATS_ENABLED =
            TABLE.flag("cluster-slot-stats-enabled", false);

    public static final Directive<Long> CLUSTER_LINK_SENDBUF_LIMIT = TABLE.special(
            "cluster-link-sendbuf-limit", new MemorySyntax(0, Long.MAX_VALUE).saturating(), 0L);

    /** How many slot migrations that are over CLUSTER GETSLOTMIGRATIONS tells of; Valkey's. */
    public static final Directive<Long> CLUSTER_SLOT_MIGRATION_LOG_MAX_LEN =
            TABLE.integer("cluster-slot-migration-log-max-len", 0, Integer.MAX_VALUE, 1000);

    /** How many bytes of changes may be under way when a slot migration stops writes; Valkey's. */
    public static final Directive<Long> SLOT_MIGRATION_MAX_FAILOVER_REPL_BYTES = TABLE.special(
            "slot-migration-max-failover-repl-bytes",
            new MemorySyntax(0, Long.MAX_VALUE).saturating(),
            0L);

    private ClusterDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
