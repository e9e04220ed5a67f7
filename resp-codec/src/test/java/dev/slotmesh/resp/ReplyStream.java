package dev.slotmesh.resp;

import dev.slotmesh.resp.ReplyDecoder.Outcome;

import io.netty.buffer.ByteBuf;

import java.util.ArrayList;
import java.util.List;

/**
 * Replies arriving in parts; the unread bytes are moved to a new buffer at another index between
 * any two of them.
 */
final class ReplyStream {
    final ReplyDecoder decoder;
    final List<Reply> replies = new ArrayList<>();
    ReplyDecoder.Refusal refusal;
    private byte[] unread = {};

    ReplyStream(ReplyLimits limits) {
        decoder = new ReplyDecoder(limits);
    }

    static ReplyStream of(String... parts) {
        ReplyStream stream = new ReplyStream(ReplyLimits.DEFAULT);
        for (String part : parts) {
            stream.arrive(Wire.bytes(part));
        }
        return stream;
    }

    void arrive(byte[] part) {
        byte[] all = new byte[unread.length + part.length];
        System.arraycopy(unread, 0, all, 0, unread.length);
        System.arraycopy(part, 0, all, unread.length, part.length);
        ByteBuf in = Wire.direct(all);
        try {
            Outcome outcome = decoder.decode(in);
            while (outcome == Outcome.REPLY) {
                replies.add(decoder.reply());
                outcome = decoder.decode(in);
            }
            refusal = outcome == Outcome.ERROR ? decoder.refusal() : null;
            unread = new byte[in.readableBytes()];
            in.readBytes(unread);
        } finally {
            in.release();
        }
    }

    int unreadBytes() {
        return unread.length;
    }

    /** Replies, then the refusal if there was one. */
    List<Object> seen() {
        List<Object> seen = new ArrayList<>(replies);
        if (refusal != null) {
            seen.add(refusal);
        }
        return seen;
    }
}
