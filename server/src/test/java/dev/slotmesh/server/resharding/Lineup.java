package dev.slotmesh.server.resharding;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which kinds of servers the three primaries of a cluster are, and what joins them later. */
enum Lineup {
    ALL_SLOTMESH(List.of(Kind.SLOTMESH, Kind.SLOTMESH, Kind.SLOTMESH), Kind.SLOTMESH),
    /** From one primary to the next and back to the first: from Slotmesh to Redis, the other way, and among Slotmesh nodes. */
    MIXED(List.of(Kind.SLOTMESH, Kind.REDIS, Kind.SLOTMESH), Kind.REDIS),
    ALL_REDIS(List.of(Kind.REDIS, Kind.REDIS, Kind.REDIS), Kind.REDIS);

    private static final String PROPERTY = "slotmesh.resharding.lineups";

    /** What a node is. */
    enum Kind {
        SLOTMESH,
        REDIS
    }

    private final List<Kind> primaries;
    private final Kind newcomer;

    Lineup(List<Kind> primaries, Kind newcomer) {
        this.primaries = primaries;
        this.newcomer = newcomer;
    }

    List<Kind> primaries() {
        return primaries;
    }

    Kind newcomer() {
        return newcomer;
    }

    /** Those to be tested; real servers alone, as a proof of the tests, by {@code -Dslotmesh.resharding.lineups=ALL_REDIS}. */
    static Stream<Lineup> chosen() {
        return Arrays.stream(System.getProperty(PROPERTY, "ALL_SLOTMESH,MIXED").split(","))
                .map(Lineup::valueOf);
    }
}
