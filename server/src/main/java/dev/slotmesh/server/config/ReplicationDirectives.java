package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.List;
import java.util.Optional;

/** Primaries, replicas and the backlog between them. */
public final class ReplicationDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<Optional<PrimaryAddress>> REPLICAOF = TABLE.special(
            "replicaof|slaveof",
            new ReplicaOfSyntax(),
            Optional.empty(),
            Trait.IMMUTABLE,
            Trait.MANY_WORDS);

    public static final Directive<String> MASTERUSER =
            TABLE.text("masteruser", "", Trait.SENSITIVE);

    public static final Directive<String> MASTERAUTH =
            TABLE.text("masterauth", "", Trait.SENSITIVE);

    public static final Directive<Boolean> REPLICA_SERVE_STALE_DATA =
            TABLE.flag("replica-serve-stale-data|slave-serve-stale-data", true);

    public static final Directive<Boolean> REPLICA_READ_ONLY =
            TABLE.flag("replica-read-only|slave-read-only", true);

    public static final Directive<Boolean> REPLICA_IGNORE_MAXMEMORY =
            TABLE.flag("replica-ignore-maxmemory|slave-ignore-maxmemory", true);

    public static final Directive<Boolean> REPLICA_LAZY_FLUSH =
            TABLE.flag("replica-lazy-flush|slave-lazy-flush", false, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> REPLICA_ANNOUNCED =
            TABLE.flag("replica-announced", true);

    public static final Directive<Boolean> REPLICA_IGNORE_DISK_WRITE_ERRORS =
            TABLE.flag("replica-ignore-disk-write-errors", false, Trait.WITHOUT_MEANING);

    public static final Directive<Long> REPLICA_PRIORITY =
            TABLE.integer("replica-priority|slave-priority", 0, Integer.MAX_VALUE, 100);

    public static final Directive<String> REPLICA_ANNOUNCE_IP =
            TABLE.text("replica-announce-ip|slave-announce-ip", "");

    public static final Directive<Long> REPLICA_ANNOUNCE_PORT =
            TABLE.integer("replica-announce-port|slave-announce-port", 0, 65535, 0);

    public static final Directive<Boolean> REPL_DISKLESS_SYNC =
            TABLE.flag("repl-diskless-sync", true);

    public static final Directive<Long> REPL_DISKLESS_SYNC_DELAY =
            TABLE.integer("repl-diskless-sync-delay", 0, Integer.MAX_VALUE, 5);

    public static final Directive<Long> REPL_DISKLESS_SYNC_MAX_REPLICAS =
            TABLE.integer("repl-diskless-sync-max-replicas", 0, Integer.MAX_VALUE, 0);

    public static final Directive<String> REPL_DISKLESS_LOAD = TABLE.word(
            "repl-diskless-load", List.of("disabled", "on-empty-db", "swapdb"), "disabled");

    public static final Directive<Boolean> REPL_DISABLE_TCP_NODELAY =
            TABLE.flag("repl-disable-tcp-nodelay", false);

    public static final Directive<Long> REPL_PING_REPLICA_PERIOD = TABLE.integer(
            "repl-ping-replica-period|repl-ping-slave-period", 1, Integer.MAX_VALUE, 10);

    public static final Directive<Long> REPL_TIMEOUT =
            TABLE.integer("repl-timeout", 1, Integer.MAX_VALUE, 60);

    public static final Directive<Long> REPL_BACKLOG_SIZE =
            TABLE.memory("repl-backlog-size", 1, Long.MAX_VALUE, 1 << 20);

    public static final Directive<Long> REPL_BACKLOG_TTL =
            TABLE.integer("repl-backlog-ttl", 0, Long.MAX_VALUE, 3600);

    public static final Directive<Long> MIN_REPLICAS_TO_WRITE =
            TABLE.integer("min-replicas-to-write|min-slaves-to-write", 0, Integer.MAX_VALUE, 0);

    public static final Directive<Long> MIN_REPLICAS_MAX_LAG =
            TABLE.integer("min-replicas-max-lag|min-slaves-max-lag", 0, Integer.MAX_VALUE, 10);

    /** Replicas that must have a write before it is answered; no directive of Redis. */
    public static final Directive<Long> REPLICA_ACK_WRITES =
            TABLE.integer("replica-ack-writes", 0, Integer.MAX_VALUE, 0);

    /** Milliseconds after which an unconfirmed write is answered by an error; no directive of Redis. */
    public static final Directive<Long> REPLICA_ACK_TIMEOUT =
            TABLE.integer("replica-ack-timeout", 1, Integer.MAX_VALUE, 1000);

    public static final Directive<String> PROPAGATION_ERROR_BEHAVIOR = TABLE.word(
            "propagation-error-behavior",
            List.of("ignore", "panic", "panic-on-replicas"),
            "ignore",
            Trait.WITHOUT_MEANING);

    private ReplicationDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
