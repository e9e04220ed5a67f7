package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RespConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing moves the offset of a primary whose writes stand still, and everything goes on afterwards. */
@Timeout(120)
final class WriteStopTest {
    private static final long LONG_MS = 600_000;

    @AutoClose
    private final Peers peers = new Peers();

    @Test
    void shouldLetTheOffsetStandStillAndGoOn() throws Exception {
        Node node = peers.slotmesh();
        int replica = peers.slotmeshReplicaOf(node.port()).port();
        Peers.awaitInStep(node.port(), replica);
        WriteStop stop = node.replication().writeStop();
        try (RespConnection client = RespConnection.to(node.port());
                RespConnection writer = RespConnection.to(node.port());
                RespConnection waiter = RespConnection.to(node.port())) {
            client.call("SET", "passing", "v", "PX", "1");
            assertThat(client.call("SET", "kept", "v")).isEqualTo("+OK\r\n");
            stop.begin(LONG_MS);
            assertThat(stop.settle()).isTrue();
            long offset = node.replication().state().offset();

            writer.sendCommand("SET", "later", "v");
            Awaitility.await().until(() -> client.call("GET", "passing").equals("$-1\r\n"));
            assertThat(client.call("DBSIZE")).isEqualTo(":2\r\n");
            // Asks replicas by a command in the stream at other times.
            waiter.sendCommand("WAIT", "2", "200");
            Awaitility.await().until(() -> node.replication().waitingCount() == 1);
            assertThat(waiter.readReplyText()).isEqualTo(":1\r\n");
            assertThat(client.call("GET", "later")).isEqualTo("$-1\r\n");
            assertThat(node.replication().state().offset()).isEqualTo(offset);

            stop.end();

            assertThat(writer.readReplyText()).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "later")).isEqualTo("$1\r\nv\r\n");
            Awaitility.await().until(() -> client.call("DBSIZE").equals(":2\r\n"));
            assertThat(node.replication().state().offset()).isGreaterThan(offset);
            Peers.awaitInStep(node.port(), replica);
        }
    }

    @Test
    void shouldKeepAPauseOfClients() throws Exception {
        Node node = peers.slotmesh();
        WriteStop stop = node.replication().writeStop();
        try (RespConnection client = RespConnection.to(node.port());
                RespConnection writer = RespConnection.to(node.port())) {
            assertThat(client.call("CLIENT", "PAUSE", "" + LONG_MS, "WRITE")).isEqualTo("+OK\r\n");
            stop.begin(LONG_MS);
            writer.sendCommand("SET", "k", "v");

            stop.end();
            assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");
            stop.begin(LONG_MS);
            assertThat(client.call("CLIENT", "UNPAUSE")).isEqualTo("+OK\r\n");
            assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");

            stop.end();
            assertThat(writer.readReplyText()).isEqualTo("+OK\r\n");
        }
    }

    /** It has become a replica, or the stop is over, before the last write was. */
    @Test
    void shouldNotSettleWhenItIsOver() throws Exception {
        Node node = peers.slotmesh();
        WriteStop stop = node.replication().writeStop();
        assertThat(stop.settle()).isFalse();
        stop.begin(LONG_MS);
        stop.end();

        assertThat(stop.settle()).isFalse();
        assertThat(Peers.ask(node.port(), "SET", "k", "v")).isEqualTo("+OK\r\n");
    }
}
