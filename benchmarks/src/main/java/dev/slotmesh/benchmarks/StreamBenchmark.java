package dev.slotmesh.benchmarks;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.ByteSpans;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.stream.EntryCursor;
import dev.slotmesh.keyspace.stream.StreamEntries;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.keyspace.stream.Trimming;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Adding an entry of one field to a stream that is kept at a length, as XADD with MAXLEN ~ does, and reading a hundred
 * entries from its end.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar StreamBenchmark -prof gc</pre>
 */
public class StreamBenchmark extends HotPath {
    private static final int SLOT = 1;
    private static final int TRIM_EVERY = 1024;
    private static final int READ = 100;
    private static final long SEED = 1;
    private static final long NOW_MS = 1_800_000_000_000L;

    /** Entries kept. */
    @Param({"10000", "1000000"})
    public int entries;

    private final Words words = new Words();
    private final EntryCursor cursor = new EntryCursor();
    private Keyspace keyspace;
    private Slot slot;
    private long entry;
    private long stream;
    private long added;
    private Trimming trimming;

    /** Fills the stream. */
    @Setup
    public void fill() {
        keyspace = new Keyspace(KeyspaceSettings.cluster(SEED));
        keyspace.locks().lock(SLOT);
        slot = keyspace.database(0).slot(SLOT);
        try (NativeBuffer key = new NativeBuffer(16)) {
            entry = Streams.create(slot, key.put("stream"), NOW_MS);
        }
        stream = Streams.of(slot, entry);
        trimming = Trimming.toLength(entries, true, 0);
        for (int i = 0; i < entries; i++) {
            add();
        }
    }

    /** Frees everything. */
    @TearDown
    public void release() {
        keyspace.locks().unlock(SLOT);
        keyspace.close();
        words.close();
    }

    /** Returns the length of the stream. */
    @Benchmark
    public long add() {
        added++;
        StreamHead.lastId(stream, NOW_MS + added / 8, added & 7);
        Streams.append(slot, entry, words, 0, words.bytes());
        if (added % TRIM_EVERY == 0) {
            StreamEntries.trim(slot.stripe(entry), stream, trimming);
        }
        return StreamHead.length(stream);
    }

    /** Returns the number of fields read. */
    @Benchmark
    public int readLast() {
        cursor.backward(stream, StreamId.MAX, StreamId.MIN);
        int fields = 0;
        for (int i = 0; i < READ && cursor.next(); i++) {
            fields += cursor.fieldCount();
        }
        return fields;
    }

    /** A field and its value. */
    private static final class Words implements ByteSpans, AutoCloseable {
        private final NativeBuffer field = new NativeBuffer(16);
        private final NativeBuffer value = new NativeBuffer(16);

        Words() {
            field.put("field");
            value.put("value");
        }

        int bytes() {
            return field.span().length() + value.span().length();
        }

        @Override
        public int count() {
            return 2;
        }

        @Override
        public ByteSpan span(int index) {
            return (index == 0 ? field : value).span();
        }

        @Override
        public void close() {
            field.close();
            value.close();
        }
    }
}
