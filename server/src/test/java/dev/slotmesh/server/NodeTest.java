package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node's beginning and end, and whom it lets in. */
@Timeout(60)
final class NodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void shouldFailOnATakenPortAndLeaveNothing() throws Exception {
        int threadsBefore = slotmeshThreads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start("--port", "" + taken.getLocalPort()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessage("Failed listening on port " + taken.getLocalPort()
                            + " (TCP), aborting.");
        }

        assertThat(log())
                .contains("Warning: Could not create server TCP listening socket 127.0.0.1:");
        Awaitility.await().atMost(PATIENCE).until(() -> slotmeshThreads() <= threadsBefore);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --tls-port 6380 | tls-port: this version does not support TLS
            --tls-cluster yes | tls-cluster: this version does not support TLS
            --tls-replication yes | tls-replication: this version does not support TLS
            --user default off | user: this version does not support ACL users
            --aclfile users.acl | aclfile: this version does not support ACL users
            """)
    void shouldNotStartAsSomethingElseThanAskedFor(String directives, String reason) {
        assertThatThrownBy(() -> start(directives.split(" ")))
                .isInstanceOf(StartFailure.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource({"--daemonize yes, Directives without effect in this server: daemonize"})
    void shouldTellWhatItLeavesOut(String directives, String warning) throws Exception {
        try (Node node = start(directives.split(" "))) {
            assertThat(node.exitCode()).isZero();
        }

        assertThat(log()).contains(warning.replace('"', '\''));
    }

    @Test
    void shouldNotWarnWithoutReason() throws Exception {
        try (Node node = start()) {
            assertThat(node.exitCode()).isZero();
        }

        assertThat(log()).doesNotContain("WARNING");
    }

    @Test
    void shouldWriteThePidFileAndRemoveItAtTheEnd() throws Exception {
        Path file = directory.resolve("node.pid");
        try (Node node = start("--pidfile", file.toString())) {
            assertThat(file).hasContent(node.identity().pid() + "");
        }

        assertThat(file).doesNotExist();
    }

    private static int slotmeshThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("slotmesh"))
                .count();
    }

    @Test
    void shouldWorkAroundAnOptionalAddressThatIsNotThere() throws Exception {
        int port = RedisOracle.freePort();
        try (Node node = start("--port", "" + port, "--bind", "127.0.0.1", "-203.0.113.1");
                RespConnection client = RespConnection.to(node.port())) {
            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
        }
        assertThatThrownBy(() -> start("--port", "" + port, "--bind", "127.0.0.1", "203.0.113.1"))
                .isInstanceOf(StartFailure.class);
        // The first address, bound already, is free again.
        try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void shouldRefuseTheClientThatIsTooMany() throws Exception {
        try (Node node = start("--maxclients", "2");
                RespConnection one = RespConnection.to(node.port());
                RespConnection two = RespConnection.to(node.port())) {
            one.call("PING");
            two.call("PING");
            try (RespConnection three = RespConnection.to(node.port())) {
                assertThat(three.readReplyText())
                        .isEqualTo("-ERR max number of clients reached\r\n");
                assertThat(three.isClosedByPeer()).isTrue();
            }
            assertThat(one.call("INFO", "stats")).contains("rejected_connections:1\r\n");
            two.call("QUIT");
            assertThat(two.isClosedByPeer()).isTrue();
            Awaitility.await().atMost(PATIENCE).until(() -> admits(node.port()));
        }
    }

    private static boolean admits(int port) {
        try (RespConnection client = RespConnection.to(port)) {
            return client.call("PING").equals("+PONG\r\n");
        } catch (UncheckedIOException refused) {
            return false;
        }
    }

    @Test
    void shouldCloseIdleClients() throws Exception {
        try (Node node = start("--timeout", "1");
                RespConnection idle = RespConnection.to(node.port())) {
            assertThat(idle.call("PING")).isEqualTo("+PONG\r\n");

            assertThat(idle.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void shouldKeepStrangersOutWhileNothingProtectsIt() throws Exception {
        Optional<InetAddress> own = ownAddress();
        Assumptions.assumeTrue(own.isPresent(), "this machine has no address but loopback");
        String address = own.get().getHostAddress();
        try (Node node = start("--bind", "127.0.0.1", address);
                RedisOracle redis = RedisOracle.start("--bind", "127.0.0.1", address);
                RespConnection operator = RespConnection.to(node.port())) {
            String refusal = greeting(own.get(), node.port());

            assertThat(refusal).startsWith("-DENIED ").isEqualTo(greeting(own.get(), redis.port()));
            operator.call("CONFIG", "SET", "protected-mode", "no");
            assertThat(greeting(own.get(), node.port())).isEqualTo("+PONG\r\n+OK\r\n");
        }
    }

    private static Optional<InetAddress> ownAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }

    /** Everything a server says to a client that says PING and QUIT. */
    private static String greeting(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
            InputStream in = socket.getInputStream();
            StringBuilder text = new StringBuilder();
            try {
                socket.getOutputStream()
                        .write("PING\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                for (int next = in.read(); next >= 0; next = in.read()) {
                    text.append((char) next);
                }
            } catch (IOException resetAfterTheRefusal) {
                assertThat(text.toString()).startsWith("-DENIED").endsWith("\r\n");
            }
            return text.toString();
        }
    }

    @Test
    void shouldEndOnSigtermWithCodeZeroAndALastLine() {
        try (NodeProcess node = child()) {
            node.terminate();

            assertThat(node.awaitEnd()).isZero();
            assertThat(node.log())
                    .contains("\n  Port: ", "\n  PID: " + node.pid() + "\n")
                    .contains("Server initialized", "Ready to accept connections")
                    .contains("Received SIGTERM scheduling shutdown...");
            assertThat(node.log().trim()).endsWith("is now ready to exit, bye bye...");
        }
    }

    @Test
    void shouldEndOnShutdown() {
        try (NodeProcess node = child();
                RespConnection client = node.connect()) {
            assertThat(client.call("SHUTDOWN", "ABORT"))
                    .isEqualTo("-ERR No shutdown in progress.\r\n");
            assertThat(client.call("SHUTDOWN", "SAVE", "NOSAVE"))
                    .isEqualTo("-ERR syntax error\r\n");
            client.sendCommand("SHUTDOWN", "NOSAVE", "NOW", "FORCE");

            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(node.awaitEnd()).isZero();
            assertThat(node.log().trim()).endsWith("is now ready to exit, bye bye...");
        }
    }

    @Test
    void shouldServeOthersWhileOneStallsInTheMiddleOfACommand() throws Exception {
        try (Node node = start("--io-threads", "1");
                RespConnection stalled = RespConnection.to(node.port());
                RespConnection other = RespConnection.to(node.port())) {
            stalled.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000000\r\nab"
                    .getBytes(StandardCharsets.US_ASCII));

            for (int i = 0; i < 100; i++) {
                assertThat(other.call("SET", "k", "v" + i)).isEqualTo("+OK\r\n");
            }
            stalled.send(("x".repeat(999_998) + "\r\n").getBytes(StandardCharsets.US_ASCII));

            assertThat(stalled.readReplyText()).isEqualTo("+OK\r\n");
            assertThat(other.call("STRLEN", "k")).isEqualTo(":1000000\r\n");
        }
    }

    @Test
    void shouldServeOthersWhileOneReadsFiftyMegabytesLate() throws Exception {
        int commands = 500;
        try (Node node = start("--io-threads", "1");
                RespConnection slow = RespConnection.to(node.port());
                RespConnection other = RespConnection.to(node.port())) {
            slow.call("SET", "k", "x".repeat(100_000));
            slow.send("GET k\r\n".repeat(commands).getBytes(StandardCharsets.US_ASCII));

            for (int i = 0; i < 100; i++) {
                assertThat(other.call("PING")).isEqualTo("+PONG\r\n");
            }

            for (int i = 0; i < commands; i++) {
                assertThat(slow.readReply()).hasSize(100_000 + "$100000\r\n\r\n".length());
            }
            assertThat(slow.call("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void shouldForgetAThousandConnectionsAndThoseThatWaited() throws Exception {
        try (Node node = start("--enable-debug-command", "yes");
                RespConnection operator = RespConnection.to(node.port())) {
            operator.call("CLIENT", "PAUSE", "600000", "WRITE");
            for (int i = 0; i < 1000; i++) {
                try (RespConnection client = RespConnection.to(node.port())) {
                    client.sendCommand(i % 3 == 0 ? "PING" : "SET", "k", "v");
                }
            }

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(operator.call("INFO", "clients"))
                            .contains("connected_clients:1\r\n"));
            operator.call("CLIENT", "UNPAUSE");
            assertThat(operator.call("GET", "k")).isEqualTo("$-1\r\n");
        }
    }

    private Node start(String... directives) throws StartFailure {
        List<String> all = new ArrayList<>(List.of("--logfile", "node.log"));
        all.addAll(List.of(directives));
        return EmbeddedNode.start(directory, all.toArray(String[]::new));
    }

    private NodeProcess child() {
        return NodeProcess.start(directory, "--save", "3600 1 300 100 60 10000");
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("node.log"), StandardCharsets.UTF_8);
    }
}
