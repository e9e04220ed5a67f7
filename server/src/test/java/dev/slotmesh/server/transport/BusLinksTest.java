package dev.slotmesh.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.BusEncoder;
import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.Payload;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ConnectFailure;
import dev.slotmesh.gossip.LinkContext;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.ProbeOutcome;
import dev.slotmesh.server.oracle.RedisOracle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BusLinksTest {
    private static final NodeId ID = NodeId.parse("a".repeat(40));
    private static final LinkId OUTBOUND = new LinkId(1);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final IoThreads threads = new IoThreads(1, "test");
    private final Recorder recorder = new Recorder();
    private final BusLinks links = new BusLinks(threads, recorder);
    private int port;

    /** Keeps every input as a line; handles of accepted links count from 100. */
    private static final class Recorder implements BusInputs {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private final List<BusMessage> messages = Collections.synchronizedList(new ArrayList<>());
        private volatile long largestBacklog;
        private long lastAccepted = 99;

        @Override
        public LinkId accepted(LinkContext context) {
            LinkId link = new LinkId(++lastAccepted);
            lines.add("accepted " + link + " " + context.localIp() + " " + context.peerIp());
            return link;
        }

        @Override
        public void opened(LinkId link, LinkContext context) {
            lines.add("opened " + link + " " + context.localIp() + " " + context.peerIp());
        }

        @Override
        public void failed(LinkId link, ConnectFailure reason) {
            lines.add("failed " + link + " " + reason);
        }

        @Override
        public void probed(NodeId node, ProbeOutcome outcome) {
            lines.add("probed " + node.toString().charAt(0) + " " + outcome);
        }

        @Override
        public void closed(LinkId link) {
            lines.add("closed " + link);
        }

        @Override
        public void backlog(LinkId link, long queuedBytes) {
            largestBacklog = Math.max(largestBacklog, queuedBytes);
        }

        @Override
        public void received(LinkId link, BusMessage message) {
            messages.add(message);
            lines.add("received " + link + " " + message.typeCode());
        }

        @Override
        public void refused(LinkId link, int typeCode, String detail) {
            lines.add("refused " + link + " " + typeCode + " " + detail);
        }

        @Override
        public void turnEnded() {}
    }

    @BeforeEach
    void listen() {
        port = links.listen(new InetSocketAddress(LOOPBACK, 0), 16);
    }

    @AfterEach
    void close() {
        links.close();
        threads.close();
    }

    private static BusMessage fail() {
        return new BusMessage.Fail(header(), ID);
    }

    private static Header header() {
        return new Header(
                ID,
                new Header.Claim(NodeId.NONE, SlotSet.none()),
                new Header.Progress(1, 1, 0),
                new Address("", 7001, 0, 17001),
                new Header.Flags(NodeFlags.MYSELF | NodeFlags.PRIMARY, 0, 0));
    }

    private <T> T onBus(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        threads.onBus(() -> result.complete(task.get()));
        return result.join();
    }

    private void onBusRun(Runnable task) {
        onBus(() -> {
            task.run();
            return true;
        });
    }

    private void awaitLines(String... expected) {
        await().untilAsserted(() -> assertThat(recorder.lines).containsExactly(expected));
    }

    private static byte[] bytes(BusMessage message) {
        return BusEncoder.encode(message).array();
    }

    @Test
    void shouldCarryPacketsBothWaysAndReportTheEnd() {
        onBusRun(() -> links.open(OUTBOUND, new BusAddress("127.0.0.1", port), null));
        await().until(() -> recorder.lines.size() == 2);
        assertThat(recorder.lines)
                .containsExactlyInAnyOrder(
                        "opened link-1 127.0.0.1 127.0.0.1",
                        "accepted link-100 127.0.0.1 127.0.0.1");
        recorder.lines.clear();

        onBusRun(() -> links.send(OUTBOUND, fail()));
        awaitLines("received link-100 3");
        onBusRun(() -> links.send(new LinkId(100), fail()));
        awaitLines("received link-100 3", "received link-1 3");
        assertThat(recorder.messages).containsExactly(fail(), fail());

        onBusRun(() -> links.closeLink(OUTBOUND));
        awaitLines("received link-100 3", "received link-1 3", "closed link-100");
        assertThat(onBus(() -> links.sendQueue(OUTBOUND))).isEqualTo(SendQueue.NONE);
    }

    @Test
    void shouldReportAConnectionThatCannotBeMade() {
        int nobody = RedisOracle.freePort();
        onBusRun(() -> links.open(OUTBOUND, new BusAddress("127.0.0.1", nobody), null));
        onBusRun(() -> links.open(new LinkId(2), new BusAddress("not an ip", 1), null));
        onBusRun(() -> links.open(new LinkId(3), new BusAddress("127.0.0.1", 0), null));

        await().until(() -> recorder.lines.size() == 3);
        assertThat(recorder.lines)
                .containsExactlyInAnyOrder(
                        "failed link-1 REFUSED", "failed link-2 OTHER", "failed link-3 OTHER");
    }

    @Test
    void shouldTellWhetherSomebodyListensOnAPort() throws IOException {
        int nobody = RedisOracle.freePort();
        try (ServerSocket somebody = new ServerSocket(0, 16, LOOPBACK)) {
            int open = somebody.getLocalPort();
            onBusRun(() -> links.probe(NodeId.parse("a".repeat(40)), "127.0.0.1", open, LOOPBACK));
            onBusRun(() -> links.probe(NodeId.parse("b".repeat(40)), "127.0.0.1", nobody, null));
            onBusRun(() -> links.probe(NodeId.parse("c".repeat(40)), "not an ip", open, null));

            await().until(() -> recorder.lines.size() == 3);
            assertThat(recorder.lines)
                    .containsExactlyInAnyOrder(
                            "probed a OPEN", "probed b REFUSED", "probed c NO_ANSWER");
            try (Socket seen = somebody.accept()) {
                assertThat(seen.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    /** More than are looked at at once: the others wait their turn, and all are answered. */
    @Test
    void shouldAnswerEveryProbe() {
        int nobody = RedisOracle.freePort();
        onBusRun(() -> {
            for (int i = 0; i < 300; i++) {
                links.probe(ID, "127.0.0.1", nobody, null);
            }
        });

        await().until(() -> recorder.lines.size() == 300);
        assertThat(recorder.lines).containsOnly("probed a REFUSED");
    }

    /** A port whose backlog is full does not answer: that is no evidence. */
    @Test
    void shouldNotTakeSilenceForRefusal() throws IOException {
        onBusRun(() -> links.timing(new BusLinks.Timing(200, 1)));
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, LOOPBACK)) {
            for (int i = 0; i < 4; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                if (!connects(filler, deaf.getLocalPort())) {
                    break;
                }
            }
            onBusRun(() -> links.probe(ID, "127.0.0.1", deaf.getLocalPort(), null));

            awaitLines("probed a NO_ANSWER");
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    private static boolean connects(Socket socket, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(LOOPBACK, port), 200);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    @Test
    void shouldSayNothingOfALinkClosedWhileConnecting() {
        onBusRun(() -> {
            links.open(OUTBOUND, new BusAddress("127.0.0.1", port), null);
            links.closeLink(OUTBOUND);
        });
        onBusRun(() -> links.open(new LinkId(2), new BusAddress("127.0.0.1", port), null));

        await().until(() -> recorder.lines.stream().anyMatch(line -> line.startsWith("opened")));
        assertThat(recorder.lines).noneMatch(line -> line.contains("link-1 "));
    }

    @Test
    void shouldPutPacketsTogetherWhereverTheStreamIsCut() throws IOException {
        byte[] stream = new byte[3 * bytes(fail()).length];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(bytes(fail()), 0, stream, i * stream.length / 3, stream.length / 3);
        }
        try (Socket peer = new Socket(LOOPBACK, port)) {
            peer.setTcpNoDelay(true);
            for (int at = 0; at < stream.length; at += 7) {
                peer.getOutputStream().write(stream, at, Math.min(7, stream.length - at));
            }
            awaitLines(
                    "accepted link-100 127.0.0.1 127.0.0.1",
                    "received link-100 3",
                    "received link-100 3",
                    "received link-100 3");
        }
        await().until(() -> recorder.lines.contains("closed link-100"));
    }

    @Test
    void shouldCloseALinkWhoseStreamIsNotTheBus() throws IOException {
        try (Socket peer = new Socket(LOOPBACK, port)) {
            peer.getOutputStream().write(bytes(fail()));
            peer.getOutputStream().write("RCmb\0\0\0\1".getBytes());

            awaitLines(
                    "accepted link-100 127.0.0.1 127.0.0.1",
                    "received link-100 3",
                    "refused link-100 -1 Bad message length or signature received from Cluster bus.",
                    "closed link-100");
        }
    }

    @Test
    void shouldNotBufferForALengthBeyondTheLimit() throws IOException {
        try (Socket peer = new Socket(LOOPBACK, port)) {
            peer.getOutputStream().write(new byte[] {'R', 'C', 'm', 'b', -1, -1, -1, -1});

            await().until(() -> recorder.lines.contains("closed link-100"));
            assertThat(recorder.lines.get(1)).contains("exceeds the limit");
        }
    }

    @Test
    void shouldAccountForWhatAPeerDoesNotRead() throws IOException {
        byte[] large = new byte[1 << 20];
        BusMessage publish =
                new BusMessage.Publish(header(), false, Payload.EMPTY, Payload.copyOf(large));
        try (Socket lazy = new Socket(LOOPBACK, port)) {
            await().until(() -> !recorder.lines.isEmpty());
            LinkId link = new LinkId(100);

            onBusRun(() -> {
                for (int i = 0; i < 20; i++) {
                    links.send(link, publish);
                }
            });

            SendQueue queue = onBus(() -> links.sendQueue(link));
            assertThat(queue.events()).isEqualTo("rw");
            assertThat(queue.usedBytes()).isBetween(1L, 20L * (large.length + 4096));
            assertThat(queue.allocatedBytes()).isGreaterThanOrEqualTo(queue.usedBytes());
            await().until(() -> recorder.largestBacklog > large.length);

            lazy.getInputStream().readNBytes(20 * BusEncoder.encodedLength(publish));
            await().until(() ->
                    onBus(() -> links.sendQueue(link)).equals(new SendQueue("r", 0, 0)));
            onBusRun(links::tellBacklogs);
        }
    }
}
