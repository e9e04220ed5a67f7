package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of this project among themselves, over real sockets. */
@Timeout(60)
final class ClusterServiceTest {
    @TempDir
    Path directory;

    private TestNode start(String name, String... arguments) {
        return TestNode.start(directory.resolve(name), arguments);
    }

    private static void meet(TestNode one, TestNode other) {
        try (RespConnection client = one.connect()) {
            assertThat(client.call("CLUSTER", "MEET", "127.0.0.1", "" + other.port()))
                    .isEqualTo("+OK\r\n");
        }
    }

    private static String call(TestNode node, String... words) {
        try (RespConnection client = node.connect()) {
            return client.call(words);
        }
    }

    private static boolean knows(TestNode node, int primaries) {
        String nodes = call(node, "CLUSTER", "NODES");
        return nodes.split("master - ").length - 1 == primaries && !nodes.contains("handshake");
    }

    @Test
    void shouldMeetServeAndRedirect() {
        try (TestNode one = start("1");
                TestNode two = start("2")) {
            call(one, "CLUSTER", "ADDSLOTSRANGE", "0", "8191");
            call(two, "CLUSTER", "ADDSLOTSRANGE", "8192", "16383");

            meet(one, two);

            await().until(() -> knows(one, 2) && knows(two, 2));
            await().until(() -> call(one, "CLUSTER", "INFO").contains("cluster_state:ok")
                    && call(two, "CLUSTER", "INFO").contains("cluster_state:ok"));
            assertThat(call(one, "SET", "bar", "1")).isEqualTo("+OK\r\n");
            assertThat(call(two, "SET", "foo", "2")).isEqualTo("+OK\r\n");
            assertThat(call(one, "GET", "foo"))
                    .isEqualTo("-MOVED 12182 127.0.0.1:" + two.port() + "\r\n");
            assertThat(call(two, "GET", "bar"))
                    .isEqualTo("-MOVED 5061 127.0.0.1:" + one.port() + "\r\n");
            assertThat(call(one, "CLUSTER", "SLOTS")).isEqualTo(call(two, "CLUSTER", "SLOTS"));
            assertThat(call(one, "INFO", "clients")).contains("cluster_connections:2\r\n");
            assertThat(one.log()).contains("MEET 127.0.0.1:" + two.port() + ": joined");
        }
    }

    @Test
    void shouldForgetAndMeetAgain() {
        try (TestNode one = start("1");
                TestNode two = start("2")) {
            meet(one, two);
            await().until(() -> knows(one, 2) && knows(two, 2));
            String idOfTwo = call(two, "CLUSTER", "MYID").substring(5, 45);
            String idOfOne = call(one, "CLUSTER", "MYID").substring(5, 45);

            assertThat(call(one, "CLUSTER", "FORGET", idOfTwo)).isEqualTo("+OK\r\n");
            assertThat(call(two, "CLUSTER", "FORGET", idOfOne)).isEqualTo("+OK\r\n");
            assertThat(knows(one, 1)).isTrue();

            meet(two, one);
            await().until(() -> knows(one, 2) && knows(two, 2));
        }
    }

    @Test
    void shouldComeBackFromItsFile() {
        String before;
        int port;
        try (TestNode one = start("1");
                TestNode two = start("2")) {
            port = one.port();
            call(one, "CLUSTER", "ADDSLOTS", "1", "2", "3", "100");
            meet(one, two);
            await().until(() -> knows(one, 2) && knows(two, 2));
            call(
                    one,
                    "CLUSTER",
                    "SETSLOT",
                    "1",
                    "MIGRATING",
                    call(two, "CLUSTER", "MYID").substring(5, 45));
            before = withoutTimes(call(one, "CLUSTER", "NODES"));
        }

        try (TestNode again = TestNode.startAt(port, directory.resolve("1"))) {
            assertThat(withoutTimes(call(again, "CLUSTER", "NODES"))).isEqualTo(before);
            assertThat(again.log()).contains("Node configuration loaded, I'm ");
        }
    }

    private static String withoutTimes(String nodes) {
        return nodes.replaceAll(" \\d+ \\d{13} ", " ")
                .replaceAll(" 0 0 ", " ")
                .replaceFirst("^\\$\\d+", "")
                .replace("disconnected", "connected");
    }

    @Test
    void shouldRefuseToStartOnAUsedOrDamagedFile() throws Exception {
        try (TestNode one = start("1")) {
            assertThat(one.port()).isPositive();
            assertThatThrownBy(() -> start("1"))
                    .hasMessageStartingWith(
                            "Sorry, the cluster configuration file nodes.conf is already used");
        }
        Files.writeString(directory.resolve("1").resolve("nodes.conf"), "rubbish\n");

        assertThatThrownBy(() -> start("1"))
                .hasMessageStartingWith("Unrecoverable error: corrupted cluster config file.");
    }

    @Test
    void shouldRefuseToStartWhenTheBusPortIsTaken() throws Exception {
        int port = RedisOracle.freePort();
        try (var taken =
                new java.net.ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> TestNode.startAt(port, directory.resolve("1")))
                    .hasMessage("Failed listening on port " + (port + 10_000)
                            + " (cluster), aborting.");
        }
        try (TestNode node = TestNode.startAt(port, directory.resolve("1"))) {
            assertThat(call(node, "PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void shouldCloseLinksThatDoNotSpeakTheBusAndLogWhy() throws Exception {
        try (TestNode node = start("1");
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), node.port() + 10_000)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
            socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(endOf(socket)).isTrue();
            await().until(() -> node.log()
                    .contains("Bad message length or signature received from Cluster bus."));
            assertThat(node.node().cluster().orElseThrow().refusedPackets()).isEqualTo(1);
        }
    }

    @Test
    void shouldDropAPacketOfTheWrongLengthAndKeepTheLink() throws Exception {
        try (TestNode node = start("1");
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), node.port() + 10_000)) {
            byte[] fail = new byte[2300];
            System.arraycopy(
                    "RCmb\0\0\u0008\u00fc\0\u0001\0\0\0\u0003"
                            .getBytes(StandardCharsets.ISO_8859_1),
                    0,
                    fail,
                    0,
                    14);
            for (int at = 0; at < fail.length; at += 100) {
                socket.getOutputStream().write(fail, at, 100);
            }

            await().until(
                            () -> node.log()
                                    .contains(
                                            "Received invalid fail packet of length 2300 but expected length 2296"));
            assertThat(call(node, "CLUSTER", "INFO"))
                    .contains("cluster_stats_messages_fail_received:1\r\n");
            assertThat(call(node, "INFO", "clients")).contains("cluster_connections:1\r\n");
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void shouldEndWithCodeOneWhenTheFileCannotBeWritten() throws Exception {
        try (TestNode node = start("1")) {
            Path files = directory.resolve("1");
            Path blocked =
                    files.resolve("nodes.conf.tmp-" + ProcessHandle.current().pid());
            Files.createDirectory(blocked);

            assertThat(call(node, "CLUSTER", "SAVECONFIG"))
                    .startsWith("-ERR error saving the cluster node config: ");
            assertThat(node.node().exitCode()).isZero();
            try (RespConnection client = node.connect()) {
                client.sendCommand("CLUSTER", "BUMPEPOCH");
                node.node().awaitStop();
            }
            assertThat(node.node().exitCode()).isEqualTo(1);
            assertThat(node.log()).contains("Fatal: can't update cluster config file.");
            Files.delete(blocked);
        }
    }

    @Test
    void shouldObeyConfigSetAtRunTime() {
        try (TestNode one = start("1");
                TestNode two = start("2")) {
            meet(one, two);
            await().until(() -> knows(one, 2) && knows(two, 2));

            call(one, "CONFIG", "SET", "cluster-announce-hostname", "one.test");
            await().until(() -> call(two, "CLUSTER", "NODES").contains(",one.test "));

            call(one, "CONFIG", "SET", "cluster-announce-port", "12345");
            await().until(() -> call(two, "CLUSTER", "NODES").contains(" 127.0.0.1:12345@"));
        }
    }

    @Test
    void shouldListLinksWithTheirQueues() {
        try (TestNode one = start("1");
                TestNode two = start("2")) {
            meet(one, two);
            await().until(() -> knows(one, 2) && knows(two, 2));
            String idOfTwo = call(two, "CLUSTER", "MYID").substring(5, 45);

            await().untilAsserted(() -> assertThat(
                            call(one, "CLUSTER", "LINKS").replaceAll(":\\d{13}", ":time"))
                    .isEqualTo("*2\r\n" + link("$2\r\nto", idOfTwo) + link("$4\r\nfrom", idOfTwo)));
        }
    }

    private static String link(String direction, String id) {
        return "*12\r\n$9\r\ndirection\r\n" + direction + "\r\n$4\r\nnode\r\n$40\r\n" + id
                + "\r\n$11\r\ncreate-time\r\n:time\r\n$6\r\nevents\r\n$1\r\nr\r\n"
                + "$21\r\nsend-buffer-allocated\r\n:0\r\n$16\r\nsend-buffer-used\r\n:0\r\n";
    }
}
