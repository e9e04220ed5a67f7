package dev.slotmesh.server.migration;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the log tells of a job that sends slots: how far it is, every few seconds, and what it came to. Of the job's thread. */
final class ExportProgress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long KIBI = 1024;
    private static final double NANOS_PER_MS = 1e6;

    private final MigrationRecord record;
    private final MigrationParts parts;
    private final long startNanos = System.nanoTime();
    private long toldNanos = startNanos;
    private long snapshotNanos;
    private long snapshotBytes;
    private final StringBuilder pauses = new StringBuilder();
    private long pauseStartNanos;
    private long pauseLapNanos;
    private long changeBytes;

    ExportProgress(MigrationRecord record, MigrationParts parts) {
        this.record = record;
        this.parts = parts;
    }

    /** So much has been sent: for those who ask for the job, and every few seconds for the log. */
    void sending(long sentBytes, SlotStream changesOrNull) {
        String keys = "";
        if (snapshotNanos == 0 && parts.snapshots().keyCount() > 0) {
            keys = parts.snapshots().keysWritten() + " of " + parts.snapshots().keyCount()
                    + " keys, ";
            record.note(keys + sentBytes / KIBI + " KiB sent");
        }
        long now = System.nanoTime();
        if (now - toldNanos < EVERY_NANOS) {
            return;
        }
        toldNanos = now;
        long waiting = changesOrNull == null ? 0 : changesOrNull.waitingBytes();
        parts.log()
                .notice("Slot migration " + record.name() + ": " + record.state() + ", " + keys
                        + sentBytes / KIBI + " KiB sent, " + waiting / KIBI
                        + " KiB of changes wait");
    }

    /** The snapshot has been sent. */
    void sent(long sentBytes, SlotStream changes) {
        snapshotBytes = sentBytes;
        snapshotNanos = System.nanoTime() - startNanos;
        changeBytes = changes.waitingBytes();
    }

    /** Writes stand still from now on. */
    void pauseBegins() {
        pauseStartNanos = System.nanoTime();
        pauseLapNanos = pauseStartNanos;
    }

    /** Something for which they do is done. */
    void pauseLap(String what) {
        long now = System.nanoTime();
        pauses.append(pauses.isEmpty() ? "" : ", ")
                .append(what)
                .append(String.format(Locale.ROOT, " %.1f", (now - pauseLapNanos) / NANOS_PER_MS));
        pauseLapNanos = now;
    }

    /** What it came to. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%d KiB of keys sent within %.1f ms, %d KiB of changes meanwhile, %.1f ms in all, writes waited for %.1f ms (%s)",
                snapshotBytes / KIBI,
                snapshotNanos / NANOS_PER_MS,
                changeBytes / KIBI,
                (System.nanoTime() - startNanos) / NANOS_PER_MS,
                (pauseLapNanos - pauseStartNanos) / NANOS_PER_MS,
                pauses);
    }
}
