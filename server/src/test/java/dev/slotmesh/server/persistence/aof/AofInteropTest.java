package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ToolRun;
import dev.slotmesh.server.persistence.EveryEncoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Append-only directories with every type in every encoding go from either server to the other. */
@Timeout(120)
final class AofInteropTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldLoadWhatRedisWrote(String preamble) throws Exception {
        try (RedisOracle redis = redis("--aof-use-rdb-preamble", preamble);
                RespConnection theirs = redis.connect()) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0), "several files are of Redis 7");
            EveryEncoding.fill(theirs);
            AofNode.rewrite(theirs);
            goOn(theirs);
            String digest = theirs.call("DEBUG", "DIGEST");
            redis.stop();
            AofNode.carry(redis.directory(), directory);

            try (AofNode node = AofNode.start(directory, EveryEncoding.DIRECTIVES)) {
                assertThat(node.digest()).isEqualTo(digest);
                node.rewrite();
                assertThat(node.digest()).isEqualTo(digest);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void shouldWriteWhatRedisLoads(String preamble) throws Exception {
        List<String> options = new ArrayList<>(List.of(EveryEncoding.DIRECTIVES));
        Collections.addAll(options, "--aof-use-rdb-preamble", preamble);
        String digest;
        try (AofNode node = AofNode.start(directory, options.toArray(String[]::new));
                RespConnection ours = RespConnection.to(node.port())) {
            EveryEncoding.fill(ours);
            node.rewrite();
            goOn(ours);
            digest = node.digest();
        }
        Path manifest = directory.resolve("appendonlydir/appendonly.aof.manifest");
        assertThat(ToolRun.ofRedis("redis-check-aof", manifest.toString()).output())
                .contains("All AOF files and manifest are valid");

        try (RedisOracle redis = redis()) {
            Assumptions.assumeTrue(redis.isAtLeast(7, 0), "several files are of Redis 7");
            redis.stop();
            AofNode.carry(directory, redis.directory());
            redis.restart();

            try (RespConnection theirs = redis.connect()) {
                assertThat(theirs.call("DEBUG", "DIGEST")).isEqualTo(digest);
            }
        }
    }

    /** Changes for the increment: of every database, alone and in transactions, and such that are told in another form. */
    private static void goOn(RespConnection client) {
        for (String database : new String[] {"15", "1", "0"}) {
            client.call("SELECT", database);
            client.call("SET", "after", "1", "EX", "100000");
            client.call("SADD", "after:set", "a", "b", "c", "d");
            client.call("SPOP", "after:set", "2");
            client.call("INCRBYFLOAT", "after:float", "0.1");
            client.call("HINCRBYFLOAT", "after:hash", "f", "1e3");
            client.call("XADD", "after:stream", "*", "f", "v");
            client.call("MULTI");
            client.call("RPUSH", "after:list", "a", "b\r\n");
            client.call("LMOVE", "after:list", "after:other", "LEFT", "RIGHT");
            client.call("GETEX", "after", "PX", "100000000");
            client.call("EXEC");
            client.call("SET", "gone", "1", "PX", "1");
        }
        Awaitility.await()
                .atMost(AofNode.PATIENCE)
                .until(() -> client.call("EXISTS", "gone").equals(":0\r\n"));
        client.call("SELECT", "1");
        client.call("EXISTS", "gone");
        client.call("SELECT", "15");
        client.call("EXISTS", "gone");
    }

    private static RedisOracle redis(String... more) {
        List<String> arguments = new ArrayList<>(List.of(EveryEncoding.DIRECTIVES));
        Collections.addAll(arguments, "--appendonly", "yes", "--enable-debug-command", "yes");
        Collections.addAll(arguments, more);
        return RedisOracle.start(arguments.toArray(String[]::new));
    }
}
