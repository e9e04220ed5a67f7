package dev.slotmesh.server.pubsub;

/** What a client can subscribe to. */
public enum SubscriptionKind {
    CHANNEL("subscribe", "unsubscribe"),
    /** All channels whose names match. */
    PATTERN("psubscribe", "punsubscribe"),
    /** A channel that belongs to a slot, and is known to the nodes of its shard only. */
    SHARD_CHANNEL("ssubscribe", "sunsubscribe");

    private final String begun;
    private final String ended;

    SubscriptionKind(String begun, String ended) {
        this.begun = begun;
        this.ended = ended;
    }

    /** The word that a client is told when a subscription begins. */
    public String begun() {
        return begun;
    }

    /** The word that a client is told when one ends. */
    public String ended() {
        return ended;
    }
}
