package dev.slotmesh.server.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The sections of INFO in Redis 7.0's order, and which of them a request means. Thread safe. */
public final class StatusReport {
    /** Not part of plain INFO, only of {@code all} and {@code everything}, or when named. */
    private static final Set<String> ON_REQUEST = Set.of("commandstats", "latencystats");

    private static final String DEFAULT = "default";
    private static final Set<String> EVERYTHING = Set.of("all", "everything");

    private record Named(String title, ReportSection section) {
        String key() {
            return title.toLowerCase(Locale.ROOT);
        }
    }

    private final List<Named> sections = new ArrayList<>();

    /** Adds a section; the order of adding is the order of the report. Before the node serves. */
    public StatusReport add(String title, ReportSection section) {
        sections.add(new Named(title, section));
        return this;
    }

    /**
     * The text of the named sections, each once, in the report's order; of the usual ones when none is named.
     *
     * @param names in any case; unknown ones are left out
     */
    public String text(List<String> names) {
        List<String> wanted =
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        boolean everything = wanted.stream().anyMatch(EVERYTHING::contains);
        boolean usual = wanted.isEmpty() || wanted.contains(DEFAULT);
        ReportText text = new ReportText();
        for (Named named : sections) {
            boolean byDefault = usual && !ON_REQUEST.contains(named.key());
            if (everything || byDefault || wanted.contains(named.key())) {
                text.section(named.title());
                named.section().write(text);
            }
        }
        return text.toString();
    }
}
