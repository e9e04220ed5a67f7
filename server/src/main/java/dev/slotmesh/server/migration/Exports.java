package dev.slotmesh.server.migration;

import dev.slotmesh.bus.NodeId;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The source's side: which jobs run. A target takes from one source one job at a time, so those for the same target wait for each
 * other. Guarded by the monitor.
 */
final class Exports {
    private final MigrationParts parts;
    private final MigrationLog log;
    private final Executor threads;
    /** In order of arrival; of those for one target the first runs. */
    private final List<Export> jobs = new ArrayList<>();

    private boolean stopped;

    Exports(MigrationParts parts, MigrationLog log, Executor threads) {
        this.parts = parts;
        this.log = log;
        this.threads = threads;
    }

    /** Begins a job that the machine has opened, or lets it wait for others. */
    synchronized void start(MigrationRecord record) {
        Export[] self = new Export[1];
        self[0] = new Export(record, parts, () -> over(self[0]));
        log.add(record);
        boolean first = jobs.stream().noneMatch(job -> isFor(job, record.target()));
        jobs.add(self[0]);
        if (first && !stopped) {
            threads.execute(self[0]);
        }
    }

    private static boolean isFor(Export job, NodeId target) {
        return job.record().target().equals(target);
    }

    private synchronized void over(Export job) {
        jobs.remove(job);
        log.trim();
        if (!stopped) {
            jobs.stream()
                    .filter(next -> isFor(next, job.record().target()))
                    .findFirst()
                    .ifPresent(threads::execute);
        }
    }

    /** Cancels all jobs; returns how many there were. */
    synchronized int cancelAll() {
        jobs.forEach(job -> job.cancel("cancelled by CLUSTER CANCELSLOTMIGRATIONS", true));
        return jobs.size();
    }

    synchronized void turn() {
        jobs.forEach(Export::tend);
    }

    /** The node ends. */
    synchronized void stop() {
        stopped = true;
        jobs.forEach(job -> job.cancel("the node ends", false));
    }
}
