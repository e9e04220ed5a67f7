package dev.slotmesh.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Bytes for tests: text to buffers and back, one byte per character. */
final class Wire {
    private Wire() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String text(ByteBuf buffer) {
        return buffer.toString(StandardCharsets.ISO_8859_1);
    }

    /**
     * A direct buffer with exactly these readable bytes and no room beyond them, starting at an odd
     * index.
     */
    static ByteBuf direct(String text) {
        return direct(bytes(text));
    }

    static ByteBuf direct(byte[] bytes) {
        ByteBuf buffer = Unpooled.directBuffer(bytes.length + 3, bytes.length + 3);
        return buffer.writeZero(3).skipBytes(3).writeBytes(bytes);
    }

    static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    static List<String> arguments(Request request) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < request.argumentCount(); i++) {
            arguments.add(request.text(i));
        }
        return arguments;
    }
}
