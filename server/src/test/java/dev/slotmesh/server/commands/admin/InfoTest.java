package dev.slotmesh.server.commands.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** INFO's sections and fields as clients and tools read them. */
final class InfoTest {
    /** What Jedis, Lettuce, redis-cli --stat, redis-benchmark, redis_exporter and Redis's own test suite look for. */
    private static final List<String> FIELDS = List.of(
            "redis_version",
            "redis_mode",
            "os",
            "arch_bits",
            "process_id",
            "run_id",
            "tcp_port",
            "uptime_in_seconds",
            "hz",
            "config_file",
            "executable",
            "connected_clients",
            "blocked_clients",
            "maxclients",
            "used_memory",
            "used_memory_human",
            "used_memory_rss",
            "used_memory_peak",
            "maxmemory",
            "maxmemory_policy",
            "mem_fragmentation_ratio",
            "loading",
            "rdb_changes_since_last_save",
            "rdb_bgsave_in_progress",
            "rdb_last_save_time",
            "aof_enabled",
            "aof_rewrite_in_progress",
            "total_connections_received",
            "total_commands_processed",
            "instantaneous_ops_per_sec",
            "total_net_input_bytes",
            "total_net_output_bytes",
            "rejected_connections",
            "expired_keys",
            "evicted_keys",
            "keyspace_hits",
            "keyspace_misses",
            "total_error_replies",
            "role",
            "connected_slaves",
            "master_replid",
            "master_repl_offset",
            "used_cpu_sys",
            "used_cpu_user",
            "cluster_enabled");

    @Test
    void shouldShowTheFieldsThatClientsReadInRedissForm() throws Exception {
        try (RedisOracle redis = RedisOracle.start();
                Node node = EmbeddedNode.start();
                RespConnection ours = RespConnection.to(node.port());
                RespConnection theirs = redis.connect()) {
            ours.call("SET", "k", "v");
            ours.call("NOSUCH");
            ours.call("GET", "k");
            ours.call("GET", "none");
            String mine = ours.call("INFO");
            String real = theirs.call("INFO");

            for (String field : FIELDS) {
                Pattern line = Pattern.compile("\n" + field + ":[^\r\n]*\r\n");
                assertThat(real).as("Redis itself: %s", field).containsPattern(line);
                assertThat(mine).as(field).containsPattern(line);
            }
            assertThat(sections(mine))
                    .isSubsetOf(sections(real))
                    .contains("# Server", "# Keyspace");
            assertThat(mine).contains("\r\nkeyspace_hits:1\r\nkeyspace_misses:1\r\n");
            assertThat(mine).contains("errorstat_ERR:count=1\r\n");
            assertThat(mine).contains("db0:keys=1,expires=0,avg_ttl=0\r\n");
            assertThat(ours.call("INFO", "commandstats"))
                    .containsPattern("cmdstat_set:calls=1,usec=\\d+");
            assertThat(ours.call("INFO", "nosuch")).isEqualTo("$0\r\n\r\n");

            assertThat(ours.call("CONFIG", "RESETSTAT")).isEqualTo("+OK\r\n");
            assertThat(ours.call("INFO", "stats"))
                    .contains("\r\nkeyspace_hits:0\r\nkeyspace_misses:0");
        }
    }

    private static List<String> sections(String info) {
        return info.lines().filter(line -> line.startsWith("# ")).sorted().toList();
    }
}
