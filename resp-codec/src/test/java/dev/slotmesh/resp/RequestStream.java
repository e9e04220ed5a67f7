package dev.slotmesh.resp;

import dev.slotmesh.resp.RequestDecoder.Outcome;

import io.netty.buffer.ByteBuf;

import java.util.ArrayList;
import java.util.List;

/**
 * A connection as the decoder sees it: bytes arrive in parts, and between any two of them the
 * unread bytes are moved to a new buffer at another index, which is the most that a caller may do.
 * Every call uses another Request.
 */
final class RequestStream {
    final RequestDecoder decoder;
    final List<List<String>> requests = new ArrayList<>();
    String error;
    private byte[] unread = {};

    RequestStream(RequestLimits limits) {
        decoder = new RequestDecoder(limits);
    }

    static RequestStream of(String... parts) {
        RequestStream stream = new RequestStream(RequestLimits.DEFAULT);
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
            drain(in);
            unread = new byte[in.readableBytes()];
            in.readBytes(unread);
        } finally {
            in.release();
        }
    }

    private void drain(ByteBuf in) {
        while (error == null) {
            Request request = new Request();
            Outcome outcome = decoder.decode(in, request);
            if (outcome == Outcome.MORE) {
                return;
            }
            if (outcome == Outcome.ERROR) {
                error = decoder.error();
                return;
            }
            requests.add(Wire.arguments(request));
        }
    }

    int unreadBytes() {
        return unread.length;
    }

    /** Requests, then the error if there was one: all that a client would notice. */
    List<Object> seen() {
        List<Object> seen = new ArrayList<>(requests);
        if (error != null) {
            seen.add("error: " + error);
        }
        return seen;
    }
}
