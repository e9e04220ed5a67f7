package dev.slotmesh.gossip;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Which primaries say that one node does not answer them, and when each said so last. */
final class FailureReports {
    private final List<Report> reports = new ArrayList<>();

    private static final class Report {
        final Node reporter;
        long saidMs;

        Report(Node reporter, long saidMs) {
            this.reporter = reporter;
            this.saidMs = saidMs;
        }
    }

    /** Adds or renews the reporter's word; true when it had not said so before. */
    boolean add(Node reporter, long nowMs) {
        for (Report report : reports) {
            if (report.reporter == reporter) {
                report.saidMs = nowMs;
                return false;
            }
        }
        reports.add(new Report(reporter, nowMs));
        return true;
    }

    /** Takes the reporter's word back; true when there was one. */
    boolean remove(Node reporter) {
        return reports.removeIf(report -> report.reporter == reporter);
    }

    boolean isEmpty() {
        return reports.isEmpty();
    }

    void removeAll() {
        reports.clear();
    }

    /** Number of reports not older than that, the older ones being dropped. */
    int countYoungerThan(long maxAgeMs, long nowMs) {
        Iterator<Report> each = reports.iterator();
        while (each.hasNext()) {
            if (nowMs - each.next().saidMs > maxAgeMs) {
                each.remove();
            }
        }
        return reports.size();
    }
}
