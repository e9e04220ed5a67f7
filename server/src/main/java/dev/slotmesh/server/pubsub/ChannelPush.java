package dev.slotmesh.server.pubsub;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Push;

/** Words that a client is sent on behalf of a channel, as bulk strings of one push: {@code message channel text}. */
final class ChannelPush implements Push {
    private final String kind;
    private final byte[][] words;

    private ChannelPush(String kind, byte[]... words) {
        this.kind = kind;
        this.words = words;
    }

    static ChannelPush message(byte[] channel, byte[] text) {
        return new ChannelPush("message", channel, text);
    }

    static ChannelPush patternMessage(byte[] pattern, byte[] channel, byte[] text) {
        return new ChannelPush("pmessage", pattern, channel, text);
    }

    static ChannelPush shardMessage(byte[] channel, byte[] text) {
        return new ChannelPush("smessage", channel, text);
    }

    /**
     * A subscription has begun or ended.
     *
     * @param nameOrNull null when the client had none to end
     * @param count what is left
     */
    static Push subscription(String kind, byte[] nameOrNull, int count) {
        return reply -> {
            reply.push(3);
            reply.bulk(kind);
            if (nameOrNull == null) {
                reply.nullValue();
            } else {
                reply.bulk(nameOrNull);
            }
            reply.integer(count);
        };
    }

    @Override
    public void write(ReplyEncoder reply) {
        reply.push(words.length + 1);
        reply.bulk(kind);
        for (byte[] word : words) {
            reply.bulk(word);
        }
    }
}
