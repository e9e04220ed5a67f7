package dev.slotmesh.server.session;

/** The registry that a client has subscribed at, as its session sees it. */
public interface Subscriber {
    /** Subscriptions to channels. Any thread; it may be a moment late, as the two that follow. */
    int channelCount();

    /** Subscriptions to patterns. */
    int patternCount();

    /** Subscriptions to channels of shards. */
    int shardChannelCount();

    /** Whether there is any subscription. Any thread. */
    default boolean isSubscribed() {
        return channelCount() + patternCount() + shardChannelCount() > 0;
    }

    /** Ends all subscriptions and tells nobody. Any thread. */
    void leave();
}
