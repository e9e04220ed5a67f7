package dev.slotmesh.server.report;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.persistence.Persistence;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** INFO's section about what outlives the process, in Redis's order. */
final class PersistenceSection {
    private static final double PERCENT = 100;

    private final Node node;

    PersistenceSection(Node node) {
        this.node = node;
    }

    void write(ReportText out) {
        Persistence persistence = node.persistence();
        loading(out, persistence);
        snapshot(out, persistence);
        saves(out, persistence);
        out.field("rdb_last_load_keys_expired", persistence.loading().lastKeysExpired());
        out.field("rdb_last_load_keys_loaded", persistence.loading().lastKeysLoaded());
        AppendOnlyFields.write(out, persistence.appendOnly().figures());
        progress(out, persistence.loading());
    }

    private static void progress(ReportText out, Loading loading) {
        if (loading.isActive()) {
            out.field("loading_start_time", TimeUnit.MILLISECONDS.toSeconds(loading.startedMs()));
            out.field("loading_total_bytes", loading.totalBytes());
            out.field("loading_rdb_used_mem", loading.usedMemoryBytes());
            out.field("loading_loaded_bytes", loading.loadedBytes());
            out.decimal("loading_loaded_perc", loading.percentage());
            out.field("loading_eta_seconds", loading.secondsLeft());
        }
    }

    private static void loading(ReportText out, Persistence persistence) {
        boolean async = persistence.loading().isAsync();
        out.field("loading", persistence.loading().isActive() && !async ? 1 : 0);
        out.field("async_loading", async ? 1 : 0);
    }

    /** What a child process would have copied is here what writers wrote down and the file has yet to take. */
    private static void snapshot(ReportText out, Persistence persistence) {
        long keys = persistence.snapshots().keyCount();
        long written = persistence.snapshots().keysWritten();
        long waiting = persistence.snapshots().waitingBytes();
        out.field("current_cow_peak", Math.max(waiting, persistence.snapshots().peakBytes()));
        out.field("current_cow_size", waiting);
        out.field("current_cow_size_age", 0);
        out.field(
                "current_fork_perc",
                String.format(Locale.ROOT, "%.2f", keys == 0 ? 0 : PERCENT * written / keys));
        out.field("current_save_keys_processed", written);
        out.field("current_save_keys_total", keys);
    }

    private static void saves(ReportText out, Persistence persistence) {
        persistence.saves().report().forEach(out::field);
        out.field("rdb_last_cow_size", persistence.snapshots().lastPeakBytes());
    }
}
