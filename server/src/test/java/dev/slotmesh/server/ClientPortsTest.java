package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where clients connect, at the start and after CONFIG SET. */
@Timeout(60)
final class ClientPortsTest {
    @TempDir
    private Path directory;

    private final int port = RedisOracle.freePort();

    @Test
    void shouldMoveToAnotherPort() throws Exception {
        int other = RedisOracle.freePort();
        try (Node node = start("--port", "" + port, "--bind", "127.0.0.1");
                RespConnection client = RespConnection.to(port)) {
            assertThat(client.call("CONFIG", "SET", "port", "" + other)).isEqualTo("+OK\r\n");

            assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
            assertThat(accepts("127.0.0.1", other)).isTrue();
            assertThat(accepts("127.0.0.1", port)).isFalse();
            assertThat(node.port()).isEqualTo(other);
        }
    }

    @Test
    void shouldStayWhenThePortIsTaken() throws Exception {
        try (Node node = start("--port", "" + port, "--bind", "127.0.0.1");
                RespConnection client = RespConnection.to(port);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(client.call("CONFIG", "SET", "port", "" + taken.getLocalPort()))
                    .isEqualTo("-ERR CONFIG SET failed (possibly related to argument 'port')"
                            + " - Unable to listen on this port. Check server logs.\r\n");

            assertThat(accepts("127.0.0.1", port)).isTrue();
            assertThat(node.port()).isEqualTo(port);
        }
    }

    @Test
    void shouldMoveToOtherAddressesAndStayWhenTheyAreNotThere() throws Exception {
        try (Node node = start("--port", "" + port, "--bind", "127.0.0.1");
                RespConnection client = RespConnection.to(port)) {
            assertThat(client.call("CONFIG", "SET", "bind", "127.0.0.1 127.0.0.2"))
                    .isEqualTo("+OK\r\n");
            assertThat(accepts("127.0.0.1", port)).isTrue();
            assertThat(accepts("127.0.0.2", port)).isTrue();

            assertThat(client.call("CONFIG", "SET", "bind", "203.0.113.1"))
                    .isEqualTo("-ERR CONFIG SET failed (possibly related to argument 'bind')"
                            + " - Failed to bind to specified addresses.\r\n");
            assertThat(accepts("127.0.0.2", port)).isTrue();

            int other = RedisOracle.freePort();
            assertThat(client.call("CONFIG", "SET", "bind", "127.0.0.2", "port", "" + other))
                    .isEqualTo("+OK\r\n");
            assertThat(accepts("127.0.0.2", other)).isTrue();
            assertThat(accepts("127.0.0.1", port)).isFalse();
            assertThat(accepts("127.0.0.2", port)).isFalse();
            assertThat(node.dispatcher().clients().count()).isPositive();
        }
    }

    @Test
    void shouldListenOnAUnixSocketAlone() throws Exception {
        Path file = directory.resolve("redis.sock");
        try (Node node = start(
                        "--port", "0", "--unixsocket", "redis.sock", "--unixsocketperm", "700");
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(file));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rwx------");
            client.write(ByteBuffer.wrap("CLIENT LIST\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate(4096);
            while (reply.position() < 2 || reply.get(reply.position() - 1) != '\n') {
                assertThat(client.read(reply)).isPositive();
            }
            assertThat(new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII))
                    .contains(" addr=" + file + ":0 laddr=" + file + ":0 ", " flags=U ");
            assertThat(node.port()).isZero();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldNotStartWhereNobodyCanConnect() throws Exception {
        assertThatThrownBy(() -> start("--port", "0"))
                .isInstanceOf(StartFailure.class)
                .hasMessage("Configured to not listen anywhere, exiting.");
        Path file = Files.writeString(directory.resolve("notes.txt"), "keep");
        assertThatThrownBy(() -> start("--port", "0", "--unixsocket", file.toString()))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("Failed opening Unix socket: bind: ");
        assertThat(file).hasContent("keep");
    }

    private static boolean accepts(String address, int port) {
        try (Socket socket = new Socket(InetAddress.getByName(address), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private Node start(String... directives) throws StartFailure {
        List<String> arguments =
                new ArrayList<>(List.of("--dir", directory.toString(), "--save", ""));
        arguments.addAll(List.of(directives));
        return Node.start(Configuration.of(arguments.toArray(String[]::new)), new NodeLog(""));
    }
}
