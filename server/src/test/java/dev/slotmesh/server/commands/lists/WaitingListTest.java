package dev.slotmesh.server.commands.lists;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Scenes of clients that wait for elements, played on this server and on redis-server: every reply must be the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingListTest {
    @AutoClose
    private RedisOracle redis;

    @AutoClose
    private Node node;

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start();
        Assumptions.assumeTrue(
                redis.isAtLeast(7, 0), "the replies of redis-server 7.0 are what is compared with");
        node = EmbeddedNode.start();
    }

    @Test
    void shouldServeInOrderOfArrival() {
        play(scene -> {
            scene.waits("first", "BLPOP", "k", "0");
            scene.waits("second", "BRPOP", "other", "k", "0");
            scene.waits("third", "BLPOP", "k", "0");
            scene.calls("RPUSH", "k", "a", "b");
            scene.reads("first");
            scene.reads("second");
            scene.calls("LLEN", "k");
            scene.calls("LPUSH", "k", "c", "d");
            scene.reads("third");
            scene.calls("LRANGE", "k", "0", "-1");
        });
    }

    @Test
    void shouldServeFromTheKeyThatGotTheElement() {
        play(scene -> {
            scene.waits("client", "BLMPOP", "0", "3", "x", "y", "z", "RIGHT", "COUNT", "2");
            scene.calls("RPUSH", "z", "1", "2", "3");
            scene.reads("client");
            scene.calls("LRANGE", "z", "0", "-1");
            scene.calls("SET", "x", "text");
            scene.waits("client", "BLPOP", "y", "w", "0");
            scene.calls("SET", "w", "text");
            scene.calls("DEL", "w");
            scene.calls("RPUSH", "w", "now a list");
            scene.reads("client");
            scene.calls("EXISTS", "w");
        });
    }

    @Test
    void shouldMoveAlongAChain() {
        play(scene -> {
            scene.waits("third", "BLPOP", "c", "0");
            scene.waits("first", "BLMOVE", "a", "b", "LEFT", "RIGHT", "0");
            scene.waits("second", "BRPOPLPUSH", "b", "c", "0");
            scene.calls("RPUSH", "a", "element");
            scene.reads("first");
            scene.reads("second");
            scene.reads("third");
            scene.calls("EXISTS", "a", "b", "c");
        });
    }

    @Test
    void shouldRefuseToMoveIntoWhatIsNoList() {
        play(scene -> {
            scene.waits("mover", "BLMOVE", "from", "to", "LEFT", "LEFT", "0");
            scene.waits("popper", "BLPOP", "from", "0");
            scene.calls("SET", "to", "text");
            scene.calls("RPUSH", "from", "element");
            scene.reads("mover");
            scene.reads("popper");
            scene.calls("EXISTS", "from");
        });
    }

    @Test
    void shouldMoveAnElementOntoTheListItCameFrom() {
        play(scene -> {
            scene.waits("mover", "BLMOVE", "k", "k", "RIGHT", "LEFT", "0");
            scene.calls("RPUSH", "k", "1", "two", "3");
            scene.reads("mover");
            scene.calls("LRANGE", "k", "0", "-1");
        });
    }

    @Test
    void shouldForgetAClientThatIsGone() {
        play(scene -> {
            scene.waits("gone", "BLPOP", "k", "0");
            scene.waits("stays", "BLPOP", "k", "0");
            scene.leaves("gone");
            scene.calls("RPUSH", "k", "a");
            scene.reads("stays");
            scene.calls("EXISTS", "k");
        });
    }

    @Test
    void shouldAnswerWhenTheTimeIsUp() {
        play(scene -> {
            for (String[] command : List.of(
                    new String[] {"BLPOP", "k", "0.01"},
                    new String[] {"BLMOVE", "k", "l", "LEFT", "LEFT", "0.01"},
                    new String[] {"BRPOPLPUSH", "k", "l", "0.01"},
                    new String[] {"BLMPOP", "0.01", "1", "k", "LEFT"})) {
                scene.calls(command);
            }
            scene.calls("RPUSH", "k", "stays");
            scene.calls("LLEN", "k");
        });
    }

    @Test
    void shouldServeAfterTheWholeTransaction() {
        play(scene -> {
            scene.waits("client", "BLPOP", "k", "0");
            scene.calls("MULTI");
            scene.calls("RPUSH", "k", "a");
            scene.calls("LPUSH", "k", "b");
            scene.calls("BLPOP", "nothing", "0");
            scene.calls("LSET", "k", "0", "changed");
            scene.calls("EXEC");
            scene.reads("client");
            scene.calls("LRANGE", "k", "0", "-1");
        });
    }

    @Test
    void shouldUnblockByCommandAndOtherwiseGoOn() {
        play(scene -> {
            scene.waits("client", "BLPOP", "k", "0");
            scene.unblocks("client", "TIMEOUT");
            scene.reads("client");
            scene.waits("client", "BLPOP", "k", "0");
            scene.unblocks("client", "ERROR");
            scene.reads("client");
            scene.calls("RPUSH", "k", "a");
            scene.calls("LLEN", "k");
        });
    }

    private void play(Consumer<Scene> script) {
        for (int protocol : new int[] {2, 3}) {
            List<String> ours =
                    replies(RespConnection.to(node.port()), node.port(), protocol, script);
            List<String> theirs = replies(redis.connect(), redis.port(), protocol, script);

            assertThat(ours).as("RESP%d", protocol).isEqualTo(theirs);
        }
    }

    private static List<String> replies(
            RespConnection control, int port, int protocol, Consumer<Scene> script) {
        try (Scene scene = new Scene(control, port, protocol)) {
            scene.control.call("FLUSHALL");
            script.accept(scene);
            assertThat(scene.blocked()).isZero();
            return scene.replies;
        }
    }
}
