package dev.slotmesh.server.failover;

/** Which kinds of servers the primaries and the replicas of a cluster are. */
public enum Lineup {
    ALL_SLOTMESH(Kind.SLOTMESH, Kind.SLOTMESH),
    SLOTMESH_PRIMARIES(Kind.SLOTMESH, Kind.REDIS),
    REDIS_PRIMARIES(Kind.REDIS, Kind.SLOTMESH),
    ALL_REDIS(Kind.REDIS, Kind.REDIS);

    /** A kind of server. */
    public enum Kind {
        SLOTMESH,
        REDIS
    }

    private final Kind primaries;
    private final Kind replicas;

    Lineup(Kind primaries, Kind replicas) {
        this.primaries = primaries;
        this.replicas = replicas;
    }

    /** @param member the primaries come first */
    Kind kindOf(int member) {
        return member < RealCluster.SHARDS ? primaries : replicas;
    }
}
