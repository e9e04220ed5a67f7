package dev.slotmesh.server.pubsub;

import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.Subscriber;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The subscriptions of one client. The sets are guarded by the lock of {@link Subscriptions}; the counts may be read by all. */
final class ClientSubscriptions implements Subscriber {
    private final Subscriptions registry;
    private final Session session;
    private final Map<SubscriptionKind, Set<ChannelName>> names =
            new EnumMap<>(SubscriptionKind.class);
    private volatile int channels;
    private volatile int patterns;
    private volatile int shardChannels;

    ClientSubscriptions(Subscriptions registry, Session session) {
        this.registry = registry;
        this.session = session;
        for (SubscriptionKind kind : SubscriptionKind.values()) {
            names.put(kind, new LinkedHashSet<>());
        }
    }

    /** What it is subscribed to, in the order in which that was said. Under the lock. */
    Set<ChannelName> of(SubscriptionKind kind) {
        return names.get(kind);
    }

    /** The sets have changed; under the lock. */
    void count() {
        channels = of(SubscriptionKind.CHANNEL).size();
        patterns = of(SubscriptionKind.PATTERN).size();
        shardChannels = of(SubscriptionKind.SHARD_CHANNEL).size();
    }

    /** The number a client is told with each subscription that begins or ends: shard channels are counted apart. */
    int toldCount(SubscriptionKind kind) {
        return kind == SubscriptionKind.SHARD_CHANNEL ? shardChannels : channels + patterns;
    }

    @Override
    public int channelCount() {
        return channels;
    }

    @Override
    public int patternCount() {
        return patterns;
    }

    @Override
    public int shardChannelCount() {
        return shardChannels;
    }

    @Override
    public void leave() {
        for (SubscriptionKind kind : SubscriptionKind.values()) {
            registry.unsubscribeAll(session, kind);
        }
    }
}
