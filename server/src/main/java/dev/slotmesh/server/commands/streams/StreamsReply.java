package dev.slotmesh.server.commands.streams;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.DeferredArray;

/** The form of an answer of several streams: a map of keys to entries in RESP3, an array of pairs in RESP2. */
final class StreamsReply {
    private StreamsReply() {}

    /** Begins one stream of several: key and entries follow. */
    static ReplyEncoder begin(ReplyEncoder reply) {
        if (reply.protocol() == 2) {
            reply.array(2);
        }
        return reply;
    }

    /** Begins the answer of one stream alone: key and entries follow. */
    static ReplyEncoder only(ReplyEncoder reply) {
        if (reply.protocol() == 2) {
            reply.array(1);
        } else {
            reply.map(1);
        }
        return begin(reply);
    }

    /** Replies with all streams. */
    static void finish(DeferredArray streams, ReplyEncoder reply) {
        if (reply.protocol() == 2) {
            streams.finish();
        } else {
            streams.finishAsMap();
        }
    }
}
