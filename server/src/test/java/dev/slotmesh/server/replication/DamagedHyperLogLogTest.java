package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RespConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where the HyperLogLogs of a primary and its replica may differ: two real servers do in the same way, and a primary of this
 * project has the bytes of a real one. {@code ReplicaUnderLoadTest} leaves these cases out for that reason.
 */
@Timeout(240)
final class DamagedHyperLogLogTest {
    private static final String CORRUPT = "-INVALIDOBJ Corrupted HLL object detected\r\n";
    /** A header and runs for the first 1,892 registers only. */
    private static final byte[] DAMAGED = ("HYLL\u0001" + "\0".repeat(10)
                    + "\u0080\u0082\u0033\u0088\u002A\u0047\0")
            .getBytes(StandardCharsets.ISO_8859_1);

    @AutoClose
    private final Peers peers = new Peers();

    private int redis;
    private int ofRedis;
    private int slotmesh;
    private int ofSlotmesh;

    @BeforeEach
    void start() throws Exception {
        var real = peers.redis();
        Assumptions.assumeTrue(real.isAtLeast(7, 0), "the bytes are those of Redis 7.0");
        redis = real.port();
        ofRedis = peers.redisReplicaOf(redis).port();
        slotmesh = peers.slotmesh().port();
        ofSlotmesh = peers.redisReplicaOf(slotmesh).port();
        awaitReplicas();
    }

    /** Redis tells its replicas nothing of a PFADD that failed; here they get it, and fail in the same way. */
    @Test
    void shouldDifferBetweenRedisServersOnlyAfterAnAdditionThatFailedHalfway() {
        String inside = null;
        String outside = null;
        for (int i = 0; inside == null || outside == null; i++) {
            setOn(redis, "scratch");
            boolean failed = Peers.ask(redis, "PFADD", "scratch", "" + i).startsWith("-");
            inside = failed ? inside : "" + i;
            outside = failed ? "" + i : outside;
        }

        for (int primary : List.of(redis, slotmesh)) {
            setOn(primary, "log");
            assertThat(Peers.ask(primary, "PFADD", "log", inside, outside)).isEqualTo(CORRUPT);
            assertThat(Peers.ask(primary, "PFCOUNT", "log")).isEqualTo(CORRUPT);
            assertThat(Peers.ask(primary, "PFMERGE", "log", "absent")).isEqualTo(CORRUPT);
        }

        awaitReplicas();
        List<String> values = values("log");
        assertThat(values.get(2)).as("given the same commands").isEqualTo(values.get(0));
        assertThat(values.get(1)).as("two real servers").isNotEqualTo(values.get(0));
        assertThat(values.get(3)).as("ours and a real replica").isEqualTo(values.get(2));
    }

    /** The setting decides over the form, and each end goes by its own. */
    @Test
    void shouldDifferInFormWhereTheSettingDiffersAsBetweenRedisServers() {
        for (int primary : List.of(redis, slotmesh)) {
            Peers.ask(primary, "CONFIG", "SET", "hll-sparse-max-bytes", "20");
            Peers.ask(primary, "PFADD", "log", "a", "b", "c", "d", "e");
        }

        awaitReplicas();
        List<String> values = values("log");
        assertThat(values.get(2)).as("given the same commands").isEqualTo(values.get(0));
        assertThat(values.get(1)).as("two real servers").isNotEqualTo(values.get(0));
        assertThat(values.get(3)).as("real replicas").isEqualTo(values.get(1));
    }

    private void awaitReplicas() {
        Peers.awaitInStep(redis, ofRedis);
        Peers.awaitInStep(slotmesh, ofSlotmesh);
    }

    private static void setOn(int port, String key) {
        try (RespConnection client = RespConnection.to(port)) {
            client.sendCommand(
                    "SET".getBytes(StandardCharsets.US_ASCII),
                    key.getBytes(StandardCharsets.US_ASCII),
                    DAMAGED);
            assertThat(client.readReplyText()).isEqualTo("+OK\r\n");
        }
    }

    /** Of Redis, its replica, the node, its replica. */
    private List<String> values(String key) {
        List<String> values = new ArrayList<>();
        for (int port : List.of(redis, ofRedis, slotmesh, ofSlotmesh)) {
            values.add(Peers.ask(port, "GET", key));
        }
        return values;
    }
}
