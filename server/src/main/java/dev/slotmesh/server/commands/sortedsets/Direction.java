package dev.slotmesh.server.commands.sortedsets;

/** In which order, and with what, a range is answered. */
enum Direction {
    ASCENDING(false, false),
    DESCENDING(true, false),
    ASCENDING_WITH_SCORES(false, true),
    DESCENDING_WITH_SCORES(true, true);

    private final boolean descending;
    private final boolean withScores;

    Direction(boolean descending, boolean withScores) {
        this.descending = descending;
        this.withScores = withScores;
    }

    static Direction of(boolean descending, boolean withScores) {
        if (withScores) {
            return descending ? DESCENDING_WITH_SCORES : ASCENDING_WITH_SCORES;
        }
        return descending ? DESCENDING : ASCENDING;
    }

    /** Whether the highest rank comes first. */
    boolean descending() {
        return descending;
    }

    boolean withScores() {
        return withScores;
    }
}
