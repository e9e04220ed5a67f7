package dev.slotmesh.server.differential;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.resp.ReplyDecoder;
import dev.slotmesh.resp.ReplyEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/** Replies to and from their bytes, one character per byte. */
final class ReplyBytes {
    private ReplyBytes() {}

    static Reply decode(String bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes.getBytes(StandardCharsets.ISO_8859_1));
        ReplyDecoder decoder = new ReplyDecoder();
        if (decoder.decode(in) != ReplyDecoder.Outcome.REPLY || in.isReadable()) {
            throw new AssertionError("not one reply: " + Line.quoted(bytes));
        }
        return decoder.reply();
    }

    /** In RESP3, where replies of different types differ. */
    static String encode(Reply reply) {
        ByteBuf out = Unpooled.buffer();
        new ReplyEncoder(out, 3).reply(reply);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
