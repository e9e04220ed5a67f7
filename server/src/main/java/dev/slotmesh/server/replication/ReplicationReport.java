package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.Directive;
import dev.slotmesh.server.config.ReplicationDirectives;
import dev.slotmesh.server.report.ReportText;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** INFO replication, the fields in Redis 7.0's order, and the counts of resyncs in INFO stats. */
final class ReplicationReport {
    private final Configuration configuration;
    private final ReplicationState state;
    private final Replicas replicas;
    private final Failover failover;
    private final Supplier<Follower> follower;

    ReplicationReport(
            Configuration configuration,
            ReplicationState state,
            Replicas replicas,
            Failover failover,
            Supplier<Follower> follower) {
        this.follower = follower;
        this.configuration = configuration;
        this.state = state;
        this.replicas = replicas;
        this.failover = failover;
    }

    void write(ReportText out) {
        FollowerView view = follower.get().view();
        out.field("role", view.primary() == null ? "master" : "slave");
        if (view.primary() != null) {
            primary(out, view);
        }
        replicas(out);
        out.field("master_failover_state", failover.phase().word);
        ReplicationState.History history = state.history();
        out.field("master_replid", history.id());
        out.field("master_replid2", history.secondId());
        out.field("master_repl_offset", state.offset());
        out.field("second_repl_offset", history.secondOffset());
        backlog(out);
    }

    private void primary(ReportText out, FollowerView view) {
        out.field("master_host", view.primary().host());
        out.field("master_port", view.primary().port());
        out.field("master_link_status", view.isUp() ? "up" : "down");
        out.field("master_last_io_seconds_ago", view.isUp() ? seconds(view.silentMs()) : -1);
        out.field("master_sync_in_progress", view.isSynchronizing() ? 1 : 0);
        out.field("slave_read_repl_offset", view.readOffset());
        out.field("slave_repl_offset", view.appliedOffset());
        if (view.isSynchronizing()) {
            image(out, view);
        }
        if (!view.isUp()) {
            out.field("master_link_down_since_seconds", view.downSinceSeconds());
        }
        out.field("slave_priority", configuration.get(ReplicationDirectives.REPLICA_PRIORITY));
        out.field("slave_read_only", flag(ReplicationDirectives.REPLICA_READ_ONLY));
        out.field("replica_announced", flag(ReplicationDirectives.REPLICA_ANNOUNCED));
    }

    private static void image(ReportText out, FollowerView view) {
        long total = Math.max(0, view.imageLength());
        out.field("master_sync_total_bytes", total);
        out.field("master_sync_read_bytes", view.imageBytes());
        out.field("master_sync_left_bytes", total - view.imageBytes());
        out.decimal("master_sync_perc", total == 0 ? 0 : 100.0 * view.imageBytes() / total);
        out.field("master_sync_last_io_seconds_ago", seconds(view.imageSilentMs()));
    }

    private int flag(Directive<Boolean> directive) {
        return configuration.get(directive) ? 1 : 0;
    }

    private static long seconds(long ms) {
        return TimeUnit.MILLISECONDS.toSeconds(ms);
    }

    private void replicas(ReportText out) {
        Replica[] all = replicas.all();
        out.field("connected_slaves", all.length);
        boolean goodOnesCount = configuration.get(ReplicationDirectives.MIN_REPLICAS_TO_WRITE) > 0
                && configuration.get(ReplicationDirectives.MIN_REPLICAS_MAX_LAG) > 0;
        if (goodOnesCount) {
            out.field("min_slaves_good_slaves", replicas.goodCount());
        }
        long nowMs = System.currentTimeMillis();
        for (int i = 0; i < all.length; i++) {
            Replica replica = all[i];
            long lag = TimeUnit.MILLISECONDS.toSeconds(Math.max(0, nowMs - replica.heardMs()));
            out.field(
                    "slave" + i,
                    "ip=" + replica.host() + ",port=" + replica.traits().port() + ",state="
                            + replica.phase().word + ",offset=" + replica.acknowledged() + ",lag="
                            + (replica.isOnline() ? lag : 0));
        }
    }

    private void backlog(ReportText out) {
        ReplicationLog stream = replicas.stream();
        boolean kept = stream.isRecording();
        long first = stream.firstOffset();
        out.field("repl_backlog_active", kept ? 1 : 0);
        out.field("repl_backlog_size", configuration.get(ReplicationDirectives.REPL_BACKLOG_SIZE));
        out.field("repl_backlog_first_byte_offset", kept ? first : 0);
        out.field("repl_backlog_histlen", kept ? stream.endOffset() + 1 - first : 0);
    }

    void counts(ReportText out) {
        out.field("sync_full", replicas.fullSyncs().get());
        out.field("sync_partial_ok", replicas.partialSyncs().get());
        out.field("sync_partial_err", replicas.refusedPartialSyncs().get());
    }
}
