package dev.slotmesh.server.report;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.RunIdentity;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.GeneralDirectives;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.RedisVersion;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** INFO's sections about the process, its clients and its processor time. */
final class ServerSections {
    private static final long SECONDS_PER_DAY = 86_400;
    /** The access clock has 24 bits of seconds. */
    private static final long CLOCK_MASK = (1L << 24) - 1;

    private final Node node;

    ServerSections(Node node) {
        this.node = node;
    }

    void server(ReportText out) {
        Configuration configuration = node.configuration();
        RunIdentity identity = node.identity();
        long nowMs = System.currentTimeMillis();
        long upSeconds = TimeUnit.MILLISECONDS.toSeconds(nowMs - identity.startedMs());
        out.field("redis_version", RedisVersion.NUMBER);
        out.field("redis_git_sha1", "00000000");
        out.field("redis_git_dirty", 0);
        out.field("redis_build_id", "0000000000000000");
        out.field("redis_mode", node.dispatcher().clusterEnabled() ? "cluster" : "standalone");
        out.field(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        out.field("arch_bits", 64);
        out.field("monotonic_clock", "System.nanoTime");
        out.field("multiplexing_api", "epoll");
        out.field("java_version", System.getProperty("java.version"));
        out.field("process_id", identity.pid());
        out.field("process_supervised", "no");
        out.field("run_id", identity.runId());
        out.field("tcp_port", node.port());
        out.field("server_time_usec", TimeUnit.MILLISECONDS.toMicros(nowMs));
        out.field("uptime_in_seconds", upSeconds);
        out.field("uptime_in_days", upSeconds / SECONDS_PER_DAY);
        out.field("hz", configuration.get(GeneralDirectives.HZ));
        out.field("configured_hz", configuration.get(GeneralDirectives.HZ));
        out.field("lru_clock", TimeUnit.MILLISECONDS.toSeconds(nowMs) & CLOCK_MASK);
        out.field("executable", ProcessHandle.current().info().command().orElse(""));
        out.field("config_file", configuration.file().map(Path::toString).orElse(""));
        out.field("io_threads_active", configuration.get(NetworkDirectives.IO_THREADS) > 1 ? 1 : 0);
        long endsInMs = node.shutdown().remainingMs(nowMs);
        if (endsInMs >= 0) {
            out.field("shutdown_in_milliseconds", endsInMs);
        }
    }

    void clients(ReportText out) {
        long largestInput = 0;
        long largestOutput = 0;
        long blocked = 0;
        for (var session : node.dispatcher().clients().all()) {
            largestInput = Math.max(largestInput, session.state().queryBufferBytes());
            largestOutput = Math.max(largestOutput, session.state().outputBytes());
            blocked += session.isPostponed() || session.isWaiting() ? 1 : 0;
        }
        blocked += node.replication().waitingCount();
        out.field(
                "connected_clients",
                node.dispatcher().clients().count() - node.replication().replicaCount());
        out.field("cluster_connections", node.clusterConnections());
        out.field("maxclients", node.configuration().get(NetworkDirectives.MAXCLIENTS));
        out.field("client_recent_max_input_buffer", largestInput);
        out.field("client_recent_max_output_buffer", largestOutput);
        out.field("blocked_clients", blocked);
        out.field("tracking_clients", 0);
        out.field("clients_in_timeout_table", node.dispatcher().timedWaitCount());
    }

    void cpu(ReportText out) {
        ProcessFigures.ProcessorTime time = ProcessFigures.processorTime();
        out.field("used_cpu_sys", seconds(time.system()));
        out.field("used_cpu_user", seconds(time.user()));
        out.field("used_cpu_sys_children", seconds(0));
        out.field("used_cpu_user_children", seconds(0));
    }

    private static String seconds(double value) {
        return String.format(java.util.Locale.ROOT, "%.6f", value);
    }

    void cluster(ReportText out) {
        out.field("cluster_enabled", node.dispatcher().clusterEnabled() ? 1 : 0);
    }

    /** No module can be loaded. */
    void modules(ReportText out) {}
}
