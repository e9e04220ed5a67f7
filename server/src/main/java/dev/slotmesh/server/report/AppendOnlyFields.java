package dev.slotmesh.server.report;

import dev.slotmesh.server.persistence.aof.AofFigures;

/** What INFO's section Persistence has of the append-only file, in Redis's order. */
final class AppendOnlyFields {
    private AppendOnlyFields() {}

    static void write(ReportText out, AofFigures figures) {
        AofFigures.Rewriting rewriting = figures.rewriting();
        out.field("aof_enabled", figures.enabled() ? 1 : 0);
        out.field("aof_rewrite_in_progress", rewriting.running() ? 1 : 0);
        out.field("aof_rewrite_scheduled", rewriting.scheduled() ? 1 : 0);
        out.field("aof_last_rewrite_time_sec", rewriting.lastSeconds());
        out.field("aof_current_rewrite_time_sec", rewriting.currentSeconds());
        AofFigures.Outcomes outcomes = rewriting.outcomes();
        out.field("aof_last_bgrewrite_status", outcomes.lastWell() ? "ok" : "err");
        out.field("aof_rewrites", outcomes.count());
        out.field("aof_rewrites_consecutive_failures", outcomes.failuresInARow());
        out.field("aof_last_write_status", figures.writing().well() ? "ok" : "err");
        out.field("aof_last_cow_size", 0);
        out.field("module_fork_in_progress", 0);
        out.field("module_fork_last_cow_size", 0);
        if (figures.enabled()) {
            out.field("aof_current_size", figures.writing().currentBytes());
            out.field("aof_base_size", figures.writing().rewrittenBytes());
            out.field("aof_pending_rewrite", rewriting.scheduled() ? 1 : 0);
            out.field("aof_buffer_length", figures.writing().pendingBytes());
            out.field("aof_pending_bio_fsync", figures.forcing().pending());
            out.field("aof_delayed_fsync", figures.forcing().delayed());
        }
    }
}
