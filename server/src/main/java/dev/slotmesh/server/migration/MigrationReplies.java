package dev.slotmesh.server.migration;

import dev.slotmesh.resp.ReplyEncoder;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** CLUSTER GETSLOTMIGRATIONS as Valkey 9 words it: an array of maps. */
final class MigrationReplies {
    private static final int FIELDS = 12;

    private MigrationReplies() {}

    static void write(ReplyEncoder reply, List<MigrationRecord.Shown> jobs) {
        reply.array(jobs.size());
        for (MigrationRecord.Shown job : jobs) {
            reply.map(FIELDS);
            text(reply, "name", job.name());
            text(reply, "operation", job.operation().name());
            text(reply, "slot_ranges", MigrationRecord.ranges(job.slots()));
            text(reply, "target_node", job.target().toString());
            text(reply, "source_node", job.source().toString());
            seconds(reply, "create_time", job.times().createdMs());
            seconds(reply, "last_update_time", job.times().updatedMs());
            seconds(reply, "last_ack_time", job.times().acknowledgedMs());
            text(reply, "state", job.state().toString());
            text(reply, "message", job.message());
            number(reply, "cow_size", 0);
            number(reply, "remaining_repl_size", job.remainingBytes());
        }
    }

    private static void text(ReplyEncoder reply, String name, String value) {
        reply.bulk(name);
        reply.bulk(value);
    }

    private static void seconds(ReplyEncoder reply, String name, long ms) {
        number(reply, name, TimeUnit.MILLISECONDS.toSeconds(ms));
    }

    private static void number(ReplyEncoder reply, String name, long value) {
        reply.bulk(name);
        reply.integer(value);
    }
}
