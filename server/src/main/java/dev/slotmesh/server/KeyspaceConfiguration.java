package dev.slotmesh.server;

import dev.slotmesh.keyspace.AccessPolicy;
import dev.slotmesh.keyspace.EncodingLimits;
import dev.slotmesh.keyspace.EvictionRule;
import dev.slotmesh.keyspace.EvictionRule.Order;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.Directive;
import dev.slotmesh.server.config.EncodingDirectives;
import dev.slotmesh.server.config.MemoryDirectives;

import java.util.List;
import java.util.Optional;

/**
 * The directives that the keyspace follows: where compact encodings end, how accesses are noted, how much
 * memory may be used and which keys make room. Each change puts all values
 * of its kind in force together, so that writes see either the old or the new ones.
 */
final class KeyspaceConfiguration {
    private static final List<Directive<Long>> ENCODINGS = List.of(
            EncodingDirectives.HASH_MAX_LISTPACK_ENTRIES,
            EncodingDirectives.HASH_MAX_LISTPACK_VALUE,
            EncodingDirectives.SET_MAX_INTSET_ENTRIES,
            EncodingDirectives.ZSET_MAX_LISTPACK_ENTRIES,
            EncodingDirectives.ZSET_MAX_LISTPACK_VALUE,
            EncodingDirectives.LIST_MAX_LISTPACK_SIZE,
            EncodingDirectives.LIST_COMPRESS_DEPTH,
            EncodingDirectives.STREAM_NODE_MAX_BYTES,
            EncodingDirectives.STREAM_NODE_MAX_ENTRIES,
            EncodingDirectives.HLL_SPARSE_MAX_BYTES);

    private final Configuration configuration;
    private final Keyspace keyspace;

    KeyspaceConfiguration(Configuration configuration, Keyspace keyspace) {
        this.configuration = configuration;
        this.keyspace = keyspace;
    }

    /** Puts the values of now in force, and from now on those of each CONFIG SET. */
    void applyAndListen() {
        limitEncodings();
        noteAccesses();
        paceFrequencies();
        limitMemory();
        chooseEvicted();
        ENCODINGS.forEach(directive -> listen(directive, this::limitEncodings));
        listen(MemoryDirectives.MAXMEMORY_POLICY, this::noteAccesses);
        listen(MemoryDirectives.MAXMEMORY_POLICY, this::chooseEvicted);
        listen(MemoryDirectives.MAXMEMORY_SAMPLES, this::chooseEvicted);
        listen(MemoryDirectives.MAXMEMORY, this::limitMemory);
        listen(MemoryDirectives.LFU_LOG_FACTOR, this::paceFrequencies);
        listen(MemoryDirectives.LFU_DECAY_TIME, this::paceFrequencies);
    }

    private <T> void listen(Directive<T> directive, Runnable change) {
        configuration.listen(directive, (was, now) -> {
            change.run();
            return Optional.empty();
        });
    }

    private void limitEncodings() {
        keyspace.encodingLimits(new EncodingLimits(
                configuration.getInt(EncodingDirectives.HASH_MAX_LISTPACK_ENTRIES),
                configuration.getInt(EncodingDirectives.HASH_MAX_LISTPACK_VALUE),
                configuration.getInt(EncodingDirectives.SET_MAX_INTSET_ENTRIES),
                configuration.getInt(EncodingDirectives.ZSET_MAX_LISTPACK_ENTRIES),
                configuration.getInt(EncodingDirectives.ZSET_MAX_LISTPACK_VALUE),
                configuration.getInt(EncodingDirectives.LIST_MAX_LISTPACK_SIZE),
                configuration.getInt(EncodingDirectives.LIST_COMPRESS_DEPTH),
                configuration.getInt(EncodingDirectives.STREAM_NODE_MAX_BYTES),
                configuration.getInt(EncodingDirectives.STREAM_NODE_MAX_ENTRIES),
                configuration.getInt(EncodingDirectives.HLL_SPARSE_MAX_BYTES)));
    }

    private void noteAccesses() {
        boolean counted = configuration.get(MemoryDirectives.MAXMEMORY_POLICY).countsAccesses();
        keyspace.accessPolicy(counted ? AccessPolicy.LFU : AccessPolicy.LRU);
    }

    private void paceFrequencies() {
        keyspace.frequencyPace(
                configuration.getInt(MemoryDirectives.LFU_LOG_FACTOR),
                configuration.getInt(MemoryDirectives.LFU_DECAY_TIME));
    }

    private void limitMemory() {
        keyspace.eviction().limitBytes(configuration.get(MemoryDirectives.MAXMEMORY));
    }

    private void chooseEvicted() {
        int samples = configuration.getInt(MemoryDirectives.MAXMEMORY_SAMPLES);
        keyspace.eviction()
                .rule(
                        switch (configuration.get(MemoryDirectives.MAXMEMORY_POLICY)) {
                            case VOLATILE_LRU ->
                                new EvictionRule(Order.LEAST_RECENTLY_USED, true, samples);
                            case VOLATILE_LFU ->
                                new EvictionRule(Order.LEAST_FREQUENTLY_USED, true, samples);
                            case VOLATILE_RANDOM -> new EvictionRule(Order.RANDOM, true, samples);
                            case VOLATILE_TTL ->
                                new EvictionRule(Order.FIRST_TO_EXPIRE, true, samples);
                            case ALLKEYS_LRU ->
                                new EvictionRule(Order.LEAST_RECENTLY_USED, false, samples);
                            case ALLKEYS_LFU ->
                                new EvictionRule(Order.LEAST_FREQUENTLY_USED, false, samples);
                            case ALLKEYS_RANDOM -> new EvictionRule(Order.RANDOM, false, samples);
                            case NOEVICTION -> EvictionRule.NONE;
                        });
    }
}
