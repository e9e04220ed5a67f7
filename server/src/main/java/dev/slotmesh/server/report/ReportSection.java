package dev.slotmesh.server.report;

/** Writes the fields of one section of INFO. Called by any event loop, without a slot lock. */
@FunctionalInterface
public interface ReportSection {
    void write(ReportText out);
}
