package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;

import java.io.IOException;

/** The data set: keys {@code key:000000000000} upwards, 16 bytes each as redis-benchmark names them, values of 64 bytes. */
final class KeyLoader {
    static final int KEYS = 1_000_000;
    static final int VALUE_BYTES = 64;

    private static final int PIPELINE = 64;
    static final String VALUE = "x".repeat(VALUE_BYTES);

    private KeyLoader() {}

    /** Stores the first {@code keys} keys, each once per pass. */
    static void load(int port, int keys, int passes) throws IOException {
        try (RespClient client = new RespClient(port)) {
            for (int pass = 0; pass < passes; pass++) {
                for (int i = 0; i < keys; i++) {
                    client.queue("SET", key(i), VALUE);
                    if (i % PIPELINE == PIPELINE - 1) {
                        client.drain();
                    }
                }
                client.drain();
            }
        }
    }

    /** The name of a key, 16 bytes. */
    static String key(int number) {
        String digits = Integer.toString(number);
        return "key:000000000000".substring(0, 16 - digits.length()) + digits;
    }

    /** Number of keys the server says it has. */
    static long count(int port) throws IOException {
        try (RespClient client = new RespClient(port)) {
            Reply reply = client.call("DBSIZE");
            if (reply instanceof Reply.Integer number) {
                return number.value();
            }
            throw new IOException("DBSIZE answered " + reply);
        }
    }
}
