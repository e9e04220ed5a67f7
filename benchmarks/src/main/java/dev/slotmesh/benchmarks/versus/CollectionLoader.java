package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Fills collections with elements of 20 bytes, {@code element:000000000000} upwards. */
enum CollectionLoader {
    HSET("hash", List.of("%s", "%s")),
    SADD("set", List.of("%s")),
    ZADD("sorted set", List.of("%d", "%s")),
    RPUSH("list", List.of("%s"));

    private static final int ELEMENTS_A_COMMAND = 10;
    private static final int PIPELINE = 64;

    private final String type;
    private final List<String> forms;

    CollectionLoader(String type, List<String> forms) {
        this.type = type;
        this.forms = forms;
    }

    static CollectionLoader of(String command) {
        return valueOf(command);
    }

    /** The name of what it fills. */
    String type() {
        return type;
    }

    /** Adds so many elements to a key, numbered from 0. */
    void fill(RespClient client, String key, long elements) throws IOException {
        int queued = 0;
        for (long first = 0; first < elements; first += ELEMENTS_A_COMMAND) {
            List<String> words = new ArrayList<>(List.of(name(), key));
            long end = Math.min(elements, first + ELEMENTS_A_COMMAND);
            for (long i = first; i < end; i++) {
                String element = String.format("element:%012d", i);
                for (String form : forms) {
                    words.add(form.equals("%d") ? Long.toString(i) : element);
                }
            }
            client.queue(words.toArray(String[]::new));
            if (++queued % PIPELINE == 0) {
                client.drain();
            }
        }
        client.drain();
    }
}
