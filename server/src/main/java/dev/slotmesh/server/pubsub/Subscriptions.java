package dev.slotmesh.server.pubsub;

import dev.slotmesh.server.session.Push;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.text.Glob;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Who listens to which channels of a node.
 *
 * <p>Everything is guarded by {@code lock}, a leaf that is also taken under slot locks, for keyspace events. A message is put into
 * the mailboxes of its receivers while it is held, so all of them get messages in the same order, and one that has ended a
 * subscription under the lock gets nothing that was published later. Counts are also read without it.
 *
 * <p>Rejected: a lock per channel. A message would have to take those of all patterns too, and an order between channels, which
 * clients of one server are used to, would be lost.
 */
public final class Subscriptions {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SubscriptionKind, Map<ChannelName, Listeners>> listeners =
            new EnumMap<>(SubscriptionKind.class);
    private volatile int channelCount;
    private volatile int patternCount;
    private volatile int shardChannelCount;

    /** Those who listen to one name, in the order in which they came. */
    private static final class Listeners {
        /** Null unless the name is a pattern. */
        final Glob glob;

        final Set<Session> sessions = new LinkedHashSet<>();

        Listeners(Glob glob) {
            this.glob = glob;
        }
    }

    /** A subscription as a client is told of it. */
    public record Change(SubscriptionKind kind, byte[] name, int count) {
        /** What the client is told when it has begun. */
        public Push begun() {
            return ChannelPush.subscription(kind.begun(), name, count);
        }

        /** What the client is told when it has ended. */
        public Push ended() {
            return ChannelPush.subscription(kind.ended(), name, count);
        }
    }

    public Subscriptions() {
        for (SubscriptionKind kind : SubscriptionKind.values()) {
            listeners.put(kind, new LinkedHashMap<>());
        }
    }

    /** Subscribes a client, which may be so already. On the client's thread. */
    public Change subscribe(Session session, SubscriptionKind kind, byte[] name) {
        lock.lock();
        try {
            ClientSubscriptions own = of(session);
            ChannelName key = new ChannelName(name);
            if (own.of(kind).add(key)) {
                listeners
                        .get(kind)
                        .computeIfAbsent(key, any -> new Listeners(globOf(kind, name)))
                        .sessions
                        .add(session);
                counted(own);
            }
            return new Change(kind, name, own.toldCount(kind));
        } finally {
            lock.unlock();
        }
    }

    private static Glob globOf(SubscriptionKind kind, byte[] name) {
        return kind == SubscriptionKind.PATTERN ? Glob.compile(name) : null;
    }

    private ClientSubscriptions of(Session session) {
        if (session.pushes().subscriber() instanceof ClientSubscriptions own) {
            return own;
        }
        ClientSubscriptions first = new ClientSubscriptions(this, session);
        session.pushes().subscriber(first);
        return first;
    }

    /** Ends a subscription, which need not be there. On the client's thread. */
    public Change unsubscribe(Session session, SubscriptionKind kind, byte[] name) {
        lock.lock();
        try {
            if (!(session.pushes().subscriber() instanceof ClientSubscriptions own)) {
                return new Change(kind, name, 0);
            }
            remove(session, own, kind, new ChannelName(name));
            return new Change(kind, name, own.toldCount(kind));
        } finally {
            lock.unlock();
        }
    }

    /** Ends all subscriptions of a kind; returns them with what was left after each. On the client's thread. */
    public List<Change> unsubscribeAll(Session session, SubscriptionKind kind) {
        List<Change> ended = new ArrayList<>();
        lock.lock();
        try {
            if (session.pushes().subscriber() instanceof ClientSubscriptions own) {
                for (ChannelName name : List.copyOf(own.of(kind))) {
                    remove(session, own, kind, name);
                    ended.add(new Change(kind, name.bytes(), own.toldCount(kind)));
                }
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** What a client is told that wanted to end all subscriptions of a kind and had none. */
    public Change nothingToEnd(Session session, SubscriptionKind kind) {
        int left = session.pushes().subscriber() instanceof ClientSubscriptions own
                ? own.toldCount(kind)
                : 0;
        return new Change(kind, null, left);
    }

    private void remove(
            Session session, ClientSubscriptions own, SubscriptionKind kind, ChannelName name) {
        if (own.of(kind).remove(name)) {
            Map<ChannelName, Listeners> all = listeners.get(kind);
            Set<Session> sessions = all.get(name).sessions;
            sessions.remove(session);
            if (sessions.isEmpty()) {
                all.remove(name);
            }
            counted(own);
        }
    }

    private void counted(ClientSubscriptions own) {
        own.count();
        channelCount = listeners.get(SubscriptionKind.CHANNEL).size();
        patternCount = listeners.get(SubscriptionKind.PATTERN).size();
        shardChannelCount = listeners.get(SubscriptionKind.SHARD_CHANNEL).size();
    }

    /**
     * Sends a message to those who listen to its channel, and to those with a pattern that matches, of this node. Any thread,
     * also under slot locks.
     *
     * @return how many it went to, a client counted once for each of its subscriptions
     */
    public int publish(byte[] channel, byte[] text) {
        if (isQuiet()) {
            return 0;
        }
        lock.lock();
        try {
            int receivers =
                    send(SubscriptionKind.CHANNEL, channel, ChannelPush.message(channel, text));
            for (Map.Entry<ChannelName, Listeners> pattern :
                    listeners.get(SubscriptionKind.PATTERN).entrySet()) {
                if (pattern.getValue().glob.matches(channel)) {
                    byte[] name = pattern.getKey().bytes();
                    Push push = ChannelPush.patternMessage(name, channel, text);
                    receivers += send(pattern.getValue(), push);
                }
            }
            return receivers;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody listens to channels or patterns. */
    boolean isQuiet() {
        return channelCount + patternCount == 0;
    }

    /** Sends a message to those who listen to a channel of a shard. As {@link #publish}. */
    public int publishToShard(byte[] channel, byte[] text) {
        if (shardChannelCount == 0) {
            return 0;
        }
        lock.lock();
        try {
            return send(
                    SubscriptionKind.SHARD_CHANNEL,
                    channel,
                    ChannelPush.shardMessage(channel, text));
        } finally {
            lock.unlock();
        }
    }

    private int send(SubscriptionKind kind, byte[] channel, Push push) {
        Listeners those = listeners.get(kind).get(new ChannelName(channel));
        return those == null ? 0 : send(those, push);
    }

    private static int send(Listeners those, Push push) {
        for (Session session : those.sessions) {
            session.pushes().add(push);
        }
        return those.sessions.size();
    }

    /** Ends the subscriptions to channels of a shard that have moved away; their clients are told. Any thread. */
    public void endShardChannels(Predicate<byte[]> moved) {
        if (shardChannelCount == 0) {
            return;
        }
        lock.lock();
        try {
            Map<ChannelName, Listeners> all = listeners.get(SubscriptionKind.SHARD_CHANNEL);
            for (ChannelName name : List.copyOf(all.keySet())) {
                if (moved.test(name.bytes())) {
                    for (Session session : List.copyOf(all.get(name).sessions)) {
                        session.pushes()
                                .add(unsubscribe(
                                                session,
                                                SubscriptionKind.SHARD_CHANNEL,
                                                name.bytes())
                                        .ended());
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The names that somebody is subscribed to. */
    public List<byte[]> names(SubscriptionKind kind) {
        lock.lock();
        try {
            return listeners.get(kind).keySet().stream().map(ChannelName::bytes).toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many clients are subscribed to a name. */
    public int subscriberCount(SubscriptionKind kind, byte[] name) {
        lock.lock();
        try {
            Listeners those = listeners.get(kind).get(new ChannelName(name));
            return those == null ? 0 : those.sessions.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many names somebody is subscribed to. Any thread; it may be a moment late. */
    public int nameCount(SubscriptionKind kind) {
        return switch (kind) {
            case CHANNEL -> channelCount;
            case PATTERN -> patternCount;
            case SHARD_CHANNEL -> shardChannelCount;
        };
    }
}
