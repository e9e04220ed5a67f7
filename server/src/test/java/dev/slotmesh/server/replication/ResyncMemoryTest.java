package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What full resyncs take of native memory is given back. */
@Timeout(120)
final class ResyncMemoryTest {
    private static final int RESYNCS = 12;
    private static final long LEAST_LEAK_BYTES = RESYNCS * 512L * 1024;

    @AutoClose
    private final Peers peers = new Peers();

    /** @param whole whether the replica reads the image to its end, or goes in the middle of it */
    @ParameterizedTest
    @CsvSource({"yes, true", "yes, false", "no, true", "no, false"})
    void shouldGiveBackWhatAFullResyncTook(String diskless, boolean whole) throws Exception {
        int primary = peers.slotmesh(
                        "--repl-diskless-sync", diskless, "--enable-debug-command", "yes")
                .port();
        Peers.ask(primary, "DEBUG", "POPULATE", "100000", "key", "100");
        resync(primary, whole);
        awaitNoReplica(primary);
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();

        for (int i = 0; i < RESYNCS; i++) {
            resync(primary, whole);
            awaitNoReplica(primary);
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before)
                        .isLessThan(LEAST_LEAK_BYTES));
    }

    private static void resync(int primary, boolean whole) {
        try (RawReplica replica = RawReplica.to(primary)) {
            replica.ask("REPLCONF capa eof capa psync2");
            assertThat(replica.ask("PSYNC ? -1")).startsWith("+FULLRESYNC");
            String head = replica.line();
            if (!whole) {
                replica.bytes(1000);
            } else if (head.startsWith("$EOF:")) {
                replica.upTo(head.substring(5));
            } else {
                replica.bytes(Integer.parseInt(head.substring(1)));
            }
        }
    }

    private static void awaitNoReplica(int primary) {
        Peers.awaitInfo(primary, "connected_slaves", "0");
        Peers.awaitInfo(primary, "rdb_bgsave_in_progress", "0");
    }
}
