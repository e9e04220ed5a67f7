package dev.slotmesh.server.propagation;

import dev.slotmesh.keyspace.memory.ByteSpan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A stream that keeps what it gets as commands, SELECT included, as a replica would see them. Thread safe. */
public final class RecordedStream implements CommandStream {
    private final List<List<String>> commands = new ArrayList<>();
    private final ByteSpan span = new ByteSpan();
    private int database = -1;
    private long bytes;

    @Override
    public synchronized void append(int of, long address, int length) {
        if (of >= 0 && of != database) {
            database = of;
            commands.add(List.of("SELECT", Integer.toString(of)));
        }
        bytes += length;
        byte[] piece = span.set(address, length).toByteArray();
        parse(new String(piece, StandardCharsets.ISO_8859_1));
    }

    private void parse(String text) {
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) != '*') {
                throw new AssertionError("no command at " + at + " of " + text);
            }
            int end = text.indexOf("\r\n", at);
            int count = Integer.parseInt(text.substring(at + 1, end));
            at = end + 2;
            List<String> command = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                end = text.indexOf("\r\n", at);
                int length = Integer.parseInt(text.substring(at + 1, end));
                command.add(text.substring(end + 2, end + 2 + length));
                at = end + 2 + length + 2;
            }
            commands.add(command);
        }
    }

    @Override
    public boolean isActive() {
        return true;
    }

    @Override
    public synchronized long endOffset() {
        return bytes;
    }

    /** What came so far, taken out; arguments as ISO-8859-1. */
    public synchronized List<List<String>> take() {
        List<List<String>> taken = List.copyOf(commands);
        commands.clear();
        return taken;
    }
}
