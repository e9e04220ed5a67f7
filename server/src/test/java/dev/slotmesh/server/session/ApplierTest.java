package dev.slotmesh.server.session;

import static dev.slotmesh.server.session.SessionFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream of commands that is obeyed: cut anywhere, with notes, transactions, mistakes. */
final class ApplierTest {
    private final SessionFixture node = new SessionFixture();
    private final HeldConnection client = node.connect();
    private final List<String> failures = new ArrayList<>();
    private final Applier applier = node.dispatcher()
            .applier((command, error) -> failures.add(command.name() + ": " + error));

    @AfterEach
    void shouldLeaveNothingBehind() {
        applier.close();
        node.close();
    }

    @Test
    void shouldApplyAStreamCutAtEachByte() {
        String stream = "#TS:12\r\n" + command("SELECT", "3") + command("SET", "a", "1")
                + command("APPEND", "a", "2") + "#note\n" + command("MULTI")
                + command("SET", "b", "1") + command("INCR", "b") + command("EXEC")
                + command("SELECT", "0") + command("SET", "c", "d");
        for (int cut = 0; cut <= stream.length(); cut++) {
            ByteBuf in = Unpooled.directBuffer();
            long before = applier.consumedBytes();
            in.writeCharSequence(stream.substring(0, cut), StandardCharsets.ISO_8859_1);
            assertThat(applier.apply(in)).isEqualTo(Applier.Outcome.MORE);
            in.writeCharSequence(stream.substring(cut), StandardCharsets.ISO_8859_1);
            assertThat(applier.apply(in)).as("cut at " + cut).isEqualTo(Applier.Outcome.MORE);
            in.release();

            assertThat(applier.consumedBytes() - before).isEqualTo(stream.length());
            call(client, "SELECT 3");
            assertThat(call(client, "GET a")).isEqualTo("$2\r\n12\r\n");
            assertThat(call(client, "GET b")).isEqualTo("$1\r\n2\r\n");
            call(client, "SELECT 0");
            assertThat(call(client, "GET c")).isEqualTo("$1\r\nd\r\n");
            call(client, "FLUSHALL");
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldSettleBeforeATransactionThatIsNotComplete() {
        String before = command("SET", "a", "1");
        apply(before + command("MULTI") + command("SET", "a", "2"));

        assertThat(applier.inTransaction()).isTrue();
        assertThat(applier.settledBytes()).isEqualTo(before.length());
        assertThat(call(client, "GET a")).isEqualTo("$1\r\n1\r\n");

        apply(command("EXEC"));
        assertThat(applier.settledBytes()).isEqualTo(applier.consumedBytes());
        assertThat(call(client, "GET a")).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void shouldStopAtWhatIsNoCommand() {
        ByteBuf in = Unpooled.directBuffer();
        in.writeCharSequence(
                command("SET", "a", "1") + "SET a 2\r\n" + command("SET", "a", "3"),
                StandardCharsets.ISO_8859_1);
        assertThat(applier.apply(in)).isEqualTo(Applier.Outcome.BROKEN);
        assertThat(in.readerIndex()).isEqualTo(command("SET", "a", "1").length());
        in.clear();
        in.writeCharSequence(
                command("SET", "b", "1") + command("NONSENSE", "1"), StandardCharsets.ISO_8859_1);
        assertThat(applier.apply(in)).isEqualTo(Applier.Outcome.UNKNOWN);
        assertThat(applier.unknownName()).isEqualTo("NONSENSE");
        in.clear();
        in.writeCharSequence("*0\r\n", StandardCharsets.ISO_8859_1);
        assertThat(applier.apply(in)).isEqualTo(Applier.Outcome.BROKEN);
        in.release();
        assertThat(call(client, "MGET a b")).isEqualTo("*2\r\n$1\r\n1\r\n$1\r\n1\r\n");
    }

    @Test
    void shouldTellOfErrorsAndGoOn() {
        apply(command("SET", "a", "x")
                + command("INCR", "a")
                + command("SET", "a")
                + command("EXEC")
                + command("SET", "b", "1"));

        assertThat(failures)
                .containsExactly(
                        "incr: ERR value is not an integer or out of range",
                        "set: ERR wrong number of arguments for 'set' command",
                        "exec: ERR EXEC without MULTI");
        assertThat(call(client, "GET b")).isEqualTo("$1\r\n1\r\n");
    }

    @Test
    void shouldIgnorePauseAndRoutes() {
        try (SessionFixture cluster = new SessionFixture(
                new Router() {
                    @Override
                    public String refusal(Call call, int slot) {
                        return "MOVED " + slot + " elsewhere";
                    }

                    @Override
                    public String waitRefusal(Session session, int slot) {
                        return "MOVED " + slot + " elsewhere";
                    }
                },
                SessionLimits.DEFAULT)) {
            Applier own = cluster.dispatcher().applier((command, error) -> failures.add(error));
            ByteBuf in = Unpooled.directBuffer();
            in.writeCharSequence(
                    command("SET", "a", "1")
                            + command("MSET", "{b}1", "1", "{b}2", "2")
                            + command("MULTI")
                            + command("SET", "{b}1", "3")
                            + command("SET", "c", "3")
                            + command("EXEC"),
                    StandardCharsets.ISO_8859_1);
            assertThat(own.apply(in)).isEqualTo(Applier.Outcome.MORE);
            in.release();
            own.close();
            assertThat(failures).isEmpty();
            assertThat(cluster.keyspace().database(0).keyCount()).isEqualTo(4);
        }
    }

    private void apply(String stream) {
        ByteBuf in = Unpooled.directBuffer();
        in.writeCharSequence(stream, StandardCharsets.ISO_8859_1);
        assertThat(applier.apply(in)).isEqualTo(Applier.Outcome.MORE);
        in.release();
    }

    private static String command(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }
}
