package dev.slotmesh.benchmarks;

import dev.slotmesh.resp.RequestEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.util.SplittableRandom;

/**
 * Encoded batches of {@value #PIPELINE} pipelined requests, all of the same length, lent one after the other and again
 * from the first. Keys are 16 bytes as redis-benchmark names them, values 64 bytes. Native memory; one thread at a time.
 */
final class RequestBatches implements AutoCloseable {
    static final int PIPELINE = 16;

    private static final int MOST_RANDOM_BATCHES = 8192;
    private static final long SEED = 1;
    private static final String VALUE = "x".repeat(64);

    private final ByteBuf encoded;
    private final int count;
    private int next;

    private RequestBatches(ByteBuf encoded, int count) {
        this.encoded = encoded;
        this.count = count;
    }

    /** Batches over random keys among the first {@code keys}, the same ones in every run. */
    static RequestBatches randomKeys(String command, int keys) {
        SplittableRandom random = new SplittableRandom(SEED);
        ByteBuf encoded = Unpooled.directBuffer();
        RequestEncoder encoder = new RequestEncoder(encoded);
        for (int i = 0; i < MOST_RANDOM_BATCHES * PIPELINE; i++) {
            append(encoder, command, random.nextInt(keys));
        }
        return new RequestBatches(encoded, MOST_RANDOM_BATCHES);
    }

    /** Batches over each of the first {@code keys} keys, rounded up to whole batches. */
    static RequestBatches everyKey(String command, int keys) {
        int count = (keys + PIPELINE - 1) / PIPELINE;
        ByteBuf encoded = Unpooled.directBuffer();
        RequestEncoder encoder = new RequestEncoder(encoded);
        for (int i = 0; i < count * PIPELINE; i++) {
            append(encoder, command, i);
        }
        return new RequestBatches(encoded, count);
    }

    /** One batch of the same request over and over. */
    static RequestBatches repeated(String... words) {
        ByteBuf encoded = Unpooled.directBuffer();
        RequestEncoder encoder = new RequestEncoder(encoded);
        for (int i = 0; i < PIPELINE; i++) {
            encoder.begin(words.length);
            for (String word : words) {
                encoder.argument(word);
            }
        }
        return new RequestBatches(encoded, 1);
    }

    /** Batches over random members among the first {@code members}, all of the key {@code set}. */
    static RequestBatches randomMembers(String command, int members) {
        SplittableRandom random = new SplittableRandom(SEED);
        ByteBuf encoded = Unpooled.directBuffer();
        RequestEncoder encoder = new RequestEncoder(encoded);
        for (int i = 0; i < MOST_RANDOM_BATCHES * PIPELINE; i++) {
            encoder.begin(3)
                    .argument(command)
                    .argument("set")
                    .argument(key(random.nextInt(members)));
        }
        return new RequestBatches(encoded, MOST_RANDOM_BATCHES);
    }

    private static void append(RequestEncoder encoder, String command, int key) {
        boolean hasValue = command.equals("SET");
        encoder.begin(hasValue ? 3 : 2).argument(command).argument(key(key));
        if (hasValue) {
            encoder.argument(VALUE);
        }
    }

    /** The name of a key: 16 bytes of ASCII. */
    static String key(int number) {
        return String.format("key:%012d", number);
    }

    /** How many batches there are. */
    int count() {
        return count;
    }

    /** Length of each batch. */
    int bytes() {
        return encoded.writerIndex() / count;
    }

    /** Appends the next batch to a buffer. */
    void copyNext(ByteBuf target) {
        int length = bytes();
        target.writeBytes(encoded, next * length, length);
        next = next + 1 == count ? 0 : next + 1;
    }

    @Override
    public void close() {
        encoded.release();
    }
}
