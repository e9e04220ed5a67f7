package dev.slotmesh.server.migration;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;

/** The jobs under way and, of those that are over, the last ones. Guarded by its monitor. */
final class MigrationLog {
    private final IntSupplier mostOver;
    private final List<MigrationRecord> records = new ArrayList<>();

    /** @param mostOver how many jobs that are over are kept, 0 or more */
    MigrationLog(IntSupplier mostOver) {
        this.mostOver = mostOver;
    }

    /** Adds a job that begins. */
    synchronized void add(MigrationRecord record) {
        records.add(record);
        trim();
    }

    /** Forgets the oldest jobs that are over and more than are kept. */
    synchronized void trim() {
        long surplus = records.stream().filter(each -> each.state().isFinal()).count()
                - mostOver.getAsInt();
        Iterator<MigrationRecord> oldest = records.iterator();
        while (surplus > 0 && oldest.hasNext()) {
            if (oldest.next().state().isFinal()) {
                oldest.remove();
                surplus--;
            }
        }
    }

    /** All that are known, the latest first. */
    synchronized List<MigrationRecord.Shown> show() {
        List<MigrationRecord.Shown> shown = new ArrayList<>();
        for (int i = records.size() - 1; i >= 0; i--) {
            shown.add(records.get(i).show());
        }
        return shown;
    }
}
