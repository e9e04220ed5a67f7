package dev.slotmesh.server.session;

import dev.slotmesh.resp.RequestDecoder;

import io.netty.buffer.ByteBuf;

/** What a primary may send: arrays, and empty lines between them. Anything else means that one of both has lost its place. */
final class StreamForm {
    private static final String INLINE =
            "Protocol error: Master using the inline protocol. Desync?";

    private StreamForm() {}

    /** What was wrong with the last request: what the decoder says, or that it was inline. */
    static String complaint(RequestDecoder decoder) {
        return decoder.error() == null ? INLINE : decoder.error();
    }

    /** Whether the request that begins here, perhaps after empty lines, is not an array. The input has all of it. */
    static boolean isInline(ByteBuf input, int from) {
        int at = from;
        while (input.getByte(at) == '\r' || input.getByte(at) == '\n') {
            at++;
        }
        return input.getByte(at) != '*';
    }
}
