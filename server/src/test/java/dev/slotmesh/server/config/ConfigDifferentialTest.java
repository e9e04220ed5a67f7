package dev.slotmesh.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every directive against a real redis-server 7.0: names, defaults, and the texts of CONFIG SET. */
final class ConfigDifferentialTest {
    /** Directives that Redis does not have. */
    static final Set<String> ADDITIONS = Set.of(
            "replica-ack-writes",
            "replica-ack-timeout",
            "cluster-hard-evidence",
            "cluster-stall-discount",
            "cluster-prompt-elections",
            "cluster-flat-heartbeats",
            "cluster-lasting-forget",
            "cluster-slot-migration-log-max-len",
            "cluster-slot-stats-enabled",
            "slot-migration-max-failover-repl-bytes");

    /** What the oracle is started with, and what depends on the machine. */
    private static final Set<String> SET_BY_THE_ORACLE =
            Set.of("port", "bind", "dir", "save", "maxclients", "io-threads");

    /**
     * Setting these would end the oracle's connections, need its build or hurt it; their texts are compared one by one in
     * other tests or follow from their type.
     */
    private static final Set<String> NOT_TO_BE_TOUCHED = Set.of(
            "port", // moves the listener
            "tls-port", // needs certificates
            "tls-auth-clients", // refused without TLS
            "tls-cluster",
            "tls-replication",
            "tls-prefer-server-ciphers",
            "tls-session-caching",
            "tls-session-cache-size",
            "tls-session-cache-timeout",
            "io-threads", // immutable, and its default is another one
            "maxclients", // the real one adjusts file limits, for seconds
            "appendonly", // starts a rewrite
            "activedefrag", // needs Redis's own allocator
            "watchdog-period", // signals
            "oom-score-adj", // needs privileges
            "cluster-link-sendbuf-limit", // unsigned there, from 2^63 on
            "key-load-delay",
            "rdb-key-save-delay",
            "repl-backlog-size", // allocates
            "latency-monitor-threshold",
            "client-query-buffer-limit", // cuts the oracle's own connection
            "maxmemory", // evicts and then refuses
            "maxmemory-clients",
            "proto-max-bulk-len");

    private static final List<String> VALUES = List.of(
            "yes",
            "YES",
            "no",
            "",
            "0",
            "1",
            "-1",
            "2",
            "10",
            "99",
            "100",
            "101",
            "65535",
            "65536",
            "2147483647",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "007",
            "+1",
            " 1",
            "1 ",
            "1.5",
            "1k",
            "1KB",
            "2mb",
            "3G",
            "4gb",
            "1tb",
            "b",
            "kb",
            "5%",
            "101%",
            "x",
            "notice",
            "WARNING",
            "everysec",
            "allkeys-lru",
            "volatile-ttl",
            "hostname",
            "swapdb",
            "panic",
            "clients",
            "allchannels");

    private static final Set<String> SPECIAL = Set.of(
            "save",
            "shutdown-on-sigterm",
            "shutdown-on-sigint",
            "client-output-buffer-limit",
            "notify-keyspace-events",
            "latency-tracking-info-percentiles",
            "oom-score-adj-values");

    private static final List<String> SPECIAL_VALUES = List.of(
            "",
            "10 1",
            "10",
            "10 x",
            "0 1",
            "1 0",
            "10 -1",
            "10 1 20 2",
            " ",
            "default",
            "save now force",
            "nosave save",
            "NOW",
            "normal 1 2 3",
            "normal 1mb 2kb 3 pubsub 1 1 1",
            "replica 1 1 1 slave 2gb 2 2",
            "master 1 1 1",
            "normal 1 1 -1",
            "normal 0 0 0 ",
            "KEA",
            "AKE",
            "gxn",
            "mnAK",
            "g$lshzxetd",
            "q",
            "50 99",
            "101",
            "1 x",
            "50.1234567 100 0",
            "1e-3 33.3333333333",
            "1 2 3",
            "-2000 0 2000",
            "1 2 x",
            "1 2 3 4");

    @BeforeAll
    static void needsRedis7() {
        try (RedisOracle redis = RedisOracle.start()) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0), "the directives are those of Redis 7.0");
        }
    }

    @Test
    void shouldKnowEveryDirectiveWithItsDefault() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            Map<String, String> theirs = pairs(client.call("CONFIG", "GET", "*"));
            Map<String, String> ours = new TreeMap<>(Configuration.of().show(List.of("*")));

            assertThat(ours.keySet()).containsAll(ADDITIONS);
            ours.keySet().removeAll(ADDITIONS);
            assertThat(ours.keySet()).containsExactlyElementsOf(new TreeSet<>(theirs.keySet()));
            theirs.keySet().removeAll(SET_BY_THE_ORACLE);
            ours.keySet().removeAll(SET_BY_THE_ORACLE);
            assertThat(ours).containsExactlyInAnyOrderEntriesOf(theirs);
        }
    }

    @Test
    void shouldShowHiddenDirectivesByNameOnlyAndKeepTheWriting() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            for (List<String> patterns : List.of(
                    List.of("watchdog-period"),
                    List.of("Use-Exit-On-Panic", "key-load-delay", "lua-enable-deprecated-api"),
                    List.of("rdb-key-save-delay", "loading-process-events-interval-bytes"),
                    List.of("watchdog*"),
                    List.of("SLAVE-prio*"),
                    List.of("Slave-Priority"),
                    List.of("hz", "h?", "HZ"),
                    List.of("no-such", "*no-such*"))) {
                assertThat(Configuration.of().show(patterns))
                        .as("%s", patterns)
                        .containsExactlyInAnyOrderEntriesOf(pairs(call(client, "GET", patterns)));
            }
        }
    }

    @Test
    void shouldAnswerConfigSetOfEveryPlainDirectiveInTheSameWords() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            Configuration ours = Configuration.of("--save", "");
            int compared = 0;
            for (Directive<?> directive : Directives.all()) {
                Syntax<?> syntax = directive.syntax();
                boolean plain = syntax instanceof FlagSyntax
                        || syntax instanceof IntegerSyntax
                        || syntax instanceof MemorySyntax
                        || syntax instanceof ChoiceSyntax
                        || syntax instanceof WordSyntax;
                boolean known = !ADDITIONS.contains(directive.name());
                if (plain && known && !NOT_TO_BE_TOUCHED.contains(directive.name())) {
                    for (String value : VALUES) {
                        compareSet(client, ours, directive.name(), value);
                        compared++;
                    }
                    compareSet(client, ours, directive.name(), text(ours, directive));
                }
            }
            assertThat(compared).isGreaterThan(4000);
        }
    }

    @Test
    void shouldAnswerConfigSetOfSpecialDirectivesInTheSameWords() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            Configuration ours =
                    Configuration.of("--save", "", "--dir", redis.directory().toString());
            for (String name : SPECIAL) {
                for (String value : SPECIAL_VALUES) {
                    compareSet(client, ours, name, value);
                }
            }
            for (String name : List.of(
                    "cluster-announce-hostname", "proc-title-template", "dbfilename", "dir")) {
                for (String value :
                        List.of("a.b-c", "a_b", "{title} {port}", "{x}", "", "x".repeat(256))) {
                    compareSet(client, ours, name, value);
                }
            }
        }
    }

    @Test
    void shouldAnswerConfigSetOfMaxmemoryInTheSameWords() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            Configuration ours = Configuration.of();
            for (String name : List.of("maxmemory", "maxmemory-clients")) {
                for (String value : List.of(
                        "0", "100mb", "1G", "5%", "100%", "101%", "-1", "1tb", "x", "0%", "%",
                        "")) {
                    compareSet(client, ours, name, value);
                }
            }
        }
    }

    @Test
    void shouldRefuseWholeCommandsInTheSameWords() {
        try (RedisOracle redis = RedisOracle.start();
                RespConnection client = redis.connect()) {
            Configuration ours = Configuration.of("--save", "");
            for (List<String> words : List.of(
                    List.<String>of(),
                    List.of("hz"),
                    List.of("hz", "1", "2"),
                    List.of("hz", "5", "hz", "6"),
                    List.of("hz", "5", "timeout", "x"),
                    List.of("hz", "5", "No-Such", "1", "timeout", "x"),
                    List.of("databases", "3", "no-such", "3"),
                    List.of("timeout", "q", "daemonize", "no"),
                    List.of("hz", "11", "dir", "/tmp"),
                    List.of("rename-command", "a"),
                    List.of("include", "a"),
                    List.of("SLAVE-PRIORITY", "x"),
                    List.of("slave-priority", "1", "replica-priority", "2"),
                    List.of("lua-time-limit", "3", "busy-reply-threshold", "4"))) {
                if (words.size() < 2) {
                    // The command table refuses these before they come here.
                    assertThat(ours.set(words, true)).isInstanceOf(ConfigOutcome.Refused.class);
                    continue;
                }
                assertThat(line(ours.set(words, true)))
                        .as("%s", words)
                        .isEqualTo(call(client, "SET", words));
                assertThat(ours.show(
                                List.of("hz", "replica-priority", "lua-time-limit", "timeout")))
                        .as("after %s", words)
                        .containsExactlyInAnyOrderEntriesOf(pairs(client.call(
                                "CONFIG",
                                "GET",
                                "hz",
                                "replica-priority",
                                "lua-time-limit",
                                "timeout")));
            }
        }
    }

    private static void compareSet(
            RespConnection client, Configuration ours, String name, String value) {
        String theirs = client.call("CONFIG", "SET", name, value);
        assertThat(line(ours.set(List.of(name, value), true)))
                .as("CONFIG SET %s <%s>", name, value)
                .isEqualTo(theirs);
        assertThat(ours.show(List.of(name)))
                .as("after CONFIG SET %s <%s>", name, value)
                .containsExactlyInAnyOrderEntriesOf(pairs(client.call("CONFIG", "GET", name)));
    }

    private static <T> String text(Configuration ours, Directive<T> directive) {
        return ours.text(directive);
    }

    private static String line(ConfigOutcome outcome) {
        return outcome instanceof ConfigOutcome.Refused refused
                ? "-ERR " + refused.error() + "\r\n"
                : "+OK\r\n";
    }

    private static String call(RespConnection client, String subcommand, List<String> words) {
        List<String> command = new ArrayList<>(List.of("CONFIG", subcommand));
        command.addAll(words);
        return client.call(command.toArray(new String[0]));
    }

    /** A flat array of names and values none of which contains a line end. */
    private static Map<String, String> pairs(String reply) {
        String[] lines = reply.split("\r\n", -1);
        assertThat(lines[0]).startsWith("*");
        Map<String, String> pairs = new HashMap<>();
        for (int at = 2; at + 2 < lines.length; at += 4) {
            pairs.put(lines[at], lines[at + 2]);
        }
        return pairs;
    }
}
