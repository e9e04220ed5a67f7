package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The Java heap that is in use after a collection when a server holds many keys of all types. */
final class HeapOfKeys {
    static final int KEYS = 10_000_000;

    private static final int PIPELINE = 200;
    private static final int TYPES = 6;
    private static final String FIELD = "java_heap_used:";

    private final VersusOptions options;
    private final Children children;

    HeapOfKeys(VersusOptions options, Children children) {
        this.options = options;
        this.children = children;
    }

    /** Fills a server with {@code keys} keys: strings, lists, hashes, sets, sorted sets and streams in turn. Returns bytes. */
    long measure(int keys) throws IOException {
        try (RunningServer server = RunningServer.start(
                        Contender.slotmesh(options), children, options.cluster(), 1);
                RespClient client = new RespClient(server.port())) {
            if (options.cluster()) {
                server.ownAllSlots();
            }
            for (int i = 0; i < keys; i++) {
                queue(client, i);
                if (i % PIPELINE == PIPELINE - 1) {
                    client.drain();
                }
            }
            client.drain();
            long held = KeyLoader.count(server.port());
            if (held != keys) {
                throw new IOException(server.name() + " has " + held + " keys");
            }
            collectGarbage(server.pid());
            return heapUsed(client);
        }
    }

    private static void queue(RespClient client, int number) {
        String key = "key:" + number;
        String value = "value:" + number;
        switch (number % TYPES) {
            case 0 -> client.queue("SET", key, value);
            case 1 -> client.queue("RPUSH", key, value, "b");
            case 2 -> client.queue("HSET", key, "field", value);
            case 3 -> client.queue("SADD", key, value, "b");
            case 4 -> client.queue("ZADD", key, "1", value);
            default -> client.queue("XADD", key, "1-1", "field", value);
        }
    }

    private void collectGarbage(long pid) throws IOException {
        Process jcmd = children.start(new ProcessBuilder(
                        List.of(options.jdk().resolve("bin/jcmd").toString(), "" + pid, "GC.run"))
                .redirectErrorStream(true));
        try {
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jcmd.waitFor() != 0) {
                throw new IOException("jcmd failed:\n" + said);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            children.stop(jcmd);
        }
    }

    private static long heapUsed(RespClient client) throws IOException {
        Reply reply = client.call("INFO", "memory");
        if (reply instanceof Reply.Bulk text) {
            for (String line : text.text().split("\r\n")) {
                if (line.startsWith(FIELD)) {
                    return Long.parseLong(line.substring(FIELD.length()));
                }
            }
        }
        throw new IOException("INFO memory tells no " + FIELD + " " + reply);
    }
}
