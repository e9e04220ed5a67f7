package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.AccessPolicy;
import dev.slotmesh.keyspace.EncodingLimits;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.server.config.Configuration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Directives on their way into the keyspace. */
final class KeyspaceConfigurationTest {
    private static final long HASH_SEED = 1;

    @Test
    void shouldStartWithRedissLimits() {
        try (Keyspace keyspace = follow(Configuration.of())) {
            assertThat(keyspace.encodingLimits()).isEqualTo(EncodingLimits.DEFAULT);
            assertThat(keyspace.accessPolicy()).isEqualTo(AccessPolicy.LRU);
        }
    }

    @Test
    void shouldFollowEachDirectiveByEitherName() {
        Configuration configuration = Configuration.of("--hash-max-ziplist-entries", "7");
        try (Keyspace keyspace = follow(configuration)) {
            configuration.set(
                    List.of(
                            "hash-max-listpack-value", "8",
                            "set-max-intset-entries", "9",
                            "zset-max-ziplist-entries", "10",
                            "zset-max-listpack-value", "11",
                            "list-max-ziplist-size", "-5",
                            "list-compress-depth", "12",
                            "stream-node-max-bytes", "13kb",
                            "stream-node-max-entries", "14",
                            "hll-sparse-max-bytes", "15"),
                    true);

            assertThat(keyspace.encodingLimits())
                    .isEqualTo(new EncodingLimits(7, 8, 9, 10, 11, -5, 12, 13 * 1024, 14, 15));
        }
    }

    @Test
    void shouldTakeAnythingBeyondAnIntAsTheLargestInt() {
        Configuration configuration = Configuration.of("--stream-node-max-bytes", "100gb");
        try (Keyspace keyspace = follow(configuration)) {
            assertThat(keyspace.encodingLimits().streamNodeBytes()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void shouldCountAccessesUnderALfuPolicy() {
        Configuration configuration = Configuration.of("--maxmemory-policy", "allkeys-lfu");
        try (Keyspace keyspace = follow(configuration)) {
            assertThat(keyspace.accessPolicy()).isEqualTo(AccessPolicy.LFU);

            configuration.set(List.of("maxmemory-policy", "volatile-lru"), true);

            assertThat(keyspace.accessPolicy()).isEqualTo(AccessPolicy.LRU);
        }
    }

    private static Keyspace follow(Configuration configuration) {
        Keyspace keyspace = new Keyspace(KeyspaceSettings.standalone(1, HASH_SEED));
        new KeyspaceConfiguration(configuration, keyspace).applyAndListen();
        return keyspace;
    }
}
