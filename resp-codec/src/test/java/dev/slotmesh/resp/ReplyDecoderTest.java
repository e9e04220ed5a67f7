package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.slotmesh.resp.Reply.Array;
import dev.slotmesh.resp.Reply.Attributed;
import dev.slotmesh.resp.Reply.Bool;
import dev.slotmesh.resp.Reply.Bulk;
import dev.slotmesh.resp.Reply.Null;
import dev.slotmesh.resp.Reply.Pair;
import dev.slotmesh.resp.Reply.SimpleString;
import dev.slotmesh.resp.ReplyDecoder.Outcome;
import dev.slotmesh.resp.ReplyDecoder.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyDecoderTest {
    private static final String HELLO =
            "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n"
                    + "$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:3\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
                    + "$4\r\nrole\r\n$6\r\nmaster\r\n"
                    + "$7\r\nmodules\r\n*0\r\n";

    /**
     * Messages with one wire form only, most of them as redis-server 7.0.15 sends them, and what
     * they mean.
     */
    static Stream<Arguments> replies() {
        return Stream.of(
                Arguments.of("+OK\r\n", new SimpleString("OK")),
                Arguments.of("+\r\n", new SimpleString("")),
                Arguments.of("-ERR \u00ff\r\n", new Reply.SimpleError("ERR \u00ff")),
                Arguments.of("!7\r\nERR a\nb\r\n", new Reply.BulkError(Wire.bytes("ERR a\nb"))),
                Arguments.of(":12345\r\n", new Reply.Integer(12345)),
                Arguments.of(":0\r\n", new Reply.Integer(0)),
                Arguments.of(":-9223372036854775808\r\n", new Reply.Integer(Long.MIN_VALUE)),
                Arguments.of(":9223372036854775807\r\n", new Reply.Integer(Long.MAX_VALUE)),
                Arguments.of("$11\r\nHello World\r\n", Bulk.of("Hello World")),
                Arguments.of("$4\r\n\r\n\r\n\r\n", Bulk.of("\r\n\r\n")),
                Arguments.of("$0\r\n\r\n", Bulk.of("")),
                Arguments.of("$-1\r\n", new Null(Null.Form.BULK)),
                Arguments.of("*-1\r\n", new Null(Null.Form.ARRAY)),
                Arguments.of("_\r\n", new Null(Null.Form.RESP3)),
                Arguments.of("*0\r\n", new Array(List.of())),
                Arguments.of(
                        "*3\r\n:0\r\n$-1\r\n*1\r\n+a\r\n",
                        new Array(List.of(
                                new Reply.Integer(0),
                                new Null(Null.Form.BULK),
                                new Array(List.of(new SimpleString("a")))))),
                Arguments.of(
                        "~2\r\n:0\r\n:0\r\n",
                        new Reply.Set(List.of(new Reply.Integer(0), new Reply.Integer(0)))),
                Arguments.of(
                        "%2\r\n:0\r\n#f\r\n:0\r\n#t\r\n",
                        new Reply.Map(List.of(
                                new Pair(new Reply.Integer(0), new Bool(false)),
                                new Pair(new Reply.Integer(0), new Bool(true))))),
                Arguments.of("%0\r\n", new Reply.Map(List.of())),
                Arguments.of(
                        ">2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n",
                        new Reply.Push(
                                List.of(Bulk.of("server-cpu-usage"), new Reply.Integer(42)))),
                Arguments.of(",3.141\r\n", new Reply.Double("3.141")),
                Arguments.of(",-inf\r\n", Reply.Double.of(Double.NEGATIVE_INFINITY)),
                Arguments.of(",nan\r\n", Reply.Double.of(Double.NaN)),
                Arguments.of(",0.10\r\n", new Reply.Double("0.10")),
                Arguments.of(
                        "(1234567999999999999999999999999999999\r\n",
                        new Reply.BigNumber("1234567999999999999999999999999999999")),
                Arguments.of(
                        "=29\r\ntxt:This is a verbatim\nstring\r\n",
                        new Reply.Verbatim("txt", Wire.bytes("This is a verbatim\nstring"))),
                Arguments.of(
                        "|1\r\n$3\r\nkey\r\n*2\r\n:1\r\n:2\r\n$4\r\nreal\r\n",
                        new Attributed(
                                List.of(new Pair(
                                        Bulk.of("key"),
                                        new Array(List.of(
                                                new Reply.Integer(1), new Reply.Integer(2))))),
                                Bulk.of("real"))),
                Arguments.of(
                        "*2\r\n|0\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n",
                        new Array(List.of(
                                new Attributed(
                                        List.of(),
                                        new Attributed(
                                                List.of(new Pair(
                                                        new SimpleString("a"),
                                                        new SimpleString("b"))),
                                                new Reply.Integer(1))),
                                new Reply.Integer(2)))));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void shouldReadAndWriteTheSameBytes(String message, Reply reply) {
        ByteBuf out = Unpooled.buffer();

        new ReplyEncoder(out, 3).reply(reply);

        assertThat(ReplyStream.of(message).seen()).containsExactly(reply);
        assertThat(Wire.text(out)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void shouldReadTheSameWhereverTheBytesAreCut(String message, Reply reply) {
        String stream = message + HELLO + message;
        List<Object> whole = ReplyStream.of(stream).seen();

        for (int cut = 1; cut < stream.length(); cut++) {
            assertThat(ReplyStream.of(stream.substring(0, cut), stream.substring(cut))
                            .seen())
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
        ReplyStream single = ReplyStream.of(stream.split(""));
        assertThat(single.seen()).isEqualTo(whole).hasSize(3);
        assertThat(single.unreadBytes()).isZero();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void shouldReadStreamedFormsAsOrdinaryOnes(String streamed, String plain) {
        List<Object> expected = ReplyStream.of(plain).seen();

        assertThat(ReplyStream.of(streamed).seen()).isEqualTo(expected).hasSize(1);
        assertThat(ReplyStream.of(streamed.split("")).seen()).isEqualTo(expected);
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of("$?\r\n;4\r\nHell\r\n;1\r\no\r\n;0\r\n", "$5\r\nHello\r\n"),
                Arguments.of("$?\r\n;0\r\n", "$0\r\n\r\n"),
                Arguments.of(
                        "*?\r\n:1\r\n*?\r\n.\r\n$?\r\n;1\r\na\r\n;0\r\n.\r\n",
                        "*3\r\n:1\r\n*0\r\n$1\r\na\r\n"),
                Arguments.of("~?\r\n:1\r\n.\r\n", "~1\r\n:1\r\n"),
                Arguments.of("%?\r\n+a\r\n:1\r\n.\r\n", "%1\r\n+a\r\n:1\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "x, UNKNOWN_TYPE",
        "'', BAD_LINE_END",
        ":, BAD_INTEGER",
        ":-, BAD_INTEGER",
        ":1x, BAD_INTEGER",
        ":--1, BAD_INTEGER",
        ":9999999999999999999, INTEGER_OVERFLOW",
        ":9223372036854775808, INTEGER_OVERFLOW",
        ":+9223372036854775808, INTEGER_OVERFLOW",
        ":-9223372036854775809, INTEGER_OVERFLOW",
        ":99999999999999999999999999999999999999, INTEGER_OVERFLOW",
        "$, BAD_LENGTH",
        "$-2, BAD_LENGTH",
        "$+1, BAD_LENGTH",
        "$01, BAD_LENGTH",
        "$9223372036854775807, BAD_LENGTH",
        "$9999999999999999999, BAD_LENGTH",
        "$536870913, BULK_TOO_LONG",
        "!-1, BAD_LENGTH",
        "=-1, BAD_LENGTH",
        "!?, BAD_LENGTH",
        "*x, BAD_LENGTH",
        "*-2, BAD_LENGTH",
        "*9999999999999999999, BAD_LENGTH",
        "~-1, BAD_LENGTH",
        "%-1, BAD_LENGTH",
        ">?, BAD_LENGTH",
        "|?, BAD_LENGTH",
        "*16777217, TOO_MANY_ELEMENTS",
        "%8388609, TOO_MANY_ELEMENTS",
        "%9223372036854775806, TOO_MANY_ELEMENTS",
        "',1x', BAD_DOUBLE",
        "',', BAD_DOUBLE",
        "#, BAD_BOOLEAN",
        "#true, BAD_BOOLEAN",
        "(, BAD_BIG_NUMBER",
        "(1.5, BAD_BIG_NUMBER",
        "_x, BAD_NULL",
        ";1, UNEXPECTED_CHUNK",
        "., UNEXPECTED_END",
        ".x, UNEXPECTED_END",
    })
    void shouldNameWhyALineIsRefused(String line, Refusal refusal) {
        assertThat(ReplyStream.of(line + "\r\n").seen()).containsExactly(refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "'$1\r\naXX', BAD_BULK_END",
        "'$1\r\na\rX', BAD_BULK_END",
        "'=3\r\ntxt\r\n', BAD_VERBATIM",
        "'=4\r\ntxt-\r\n', BAD_VERBATIM",
        "'$?\r\n:1\r\n', UNEXPECTED_CHUNK",
        "'$?\r\n;-1\r\n', BAD_LENGTH",
        "'*1\r\n.\r\n', UNEXPECTED_END",
        "'%?\r\n:1\r\n.\r\n', UNEXPECTED_END",
        "'+a\n', BAD_LINE_END",
        "'+a\rb\r\n', BAD_LINE_END",
        "'\r\n', BAD_LINE_END",
    })
    void shouldNameWhyAMessageIsRefused(String message, Refusal refusal) {
        assertThat(ReplyStream.of(message).seen()).containsExactly(refusal);
        assertThat(ReplyStream.of(message.split("")).seen()).containsExactly(refusal);
    }

    @Test
    void shouldHoldItsLimits() {
        ReplyLimits limits = new ReplyLimits(2, 4, 8, 6);

        assertThat(limited(limits, "*1\r\n*1\r\n+deep\r\n"))
                .hasSize(1)
                .doesNotContain(Refusal.TOO_DEEP);
        assertThat(limited(limits, "*1\r\n*1\r\n*1\r\n")).containsExactly(Refusal.TOO_DEEP);
        assertThat(limited(limits, "|0\r\n|0\r\n|0\r\n")).containsExactly(Refusal.TOO_DEEP);
        assertThat(limited(limits, "*2\r\n*3\r\n")).containsExactly(Refusal.TOO_MANY_ELEMENTS);
        assertThat(limited(limits, "*?\r\n" + ":1\r\n".repeat(4) + ".\r\n")).hasSize(1);
        assertThat(limited(limits, "*?\r\n" + ":1\r\n".repeat(5)))
                .containsExactly(Refusal.TOO_MANY_ELEMENTS);
        assertThat(limited(limits, "*4\r\n" + ":1\r\n".repeat(4) + "*4\r\n" + ":1\r\n".repeat(4)))
                .hasSize(2);
        assertThat(limited(limits, "$8\r\n12345678\r\n")).containsExactly(Bulk.of("12345678"));
        assertThat(limited(limits, "$9\r\n")).containsExactly(Refusal.BULK_TOO_LONG);
        assertThat(limited(limits, "$?\r\n;5\r\n12345\r\n;4\r\n"))
                .containsExactly(Refusal.BULK_TOO_LONG);
        assertThat(limited(limits, "+123456\r\n")).containsExactly(new SimpleString("123456"));
        assertThat(limited(limits, "+1234567\r\n")).containsExactly(Refusal.LINE_TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "+", ":", "x", "*"})
    void shouldNotBufferAnUnterminatedLineWithoutBound(String type) {
        ReplyStream stream = ReplyStream.of(type + "1".repeat(65536));
        ReplyDecoder.Refusal before = stream.refusal;

        stream.arrive(Wire.bytes("11"));

        assertThat(before).isNull();
        assertThat(stream.refusal).isEqualTo(Refusal.LINE_TOO_LONG);
    }

    @Test
    void shouldNotAllocateByTheAnnouncedCount() {
        ReplyDecoder decoder =
                new ReplyDecoder(new ReplyLimits(128, Integer.MAX_VALUE, 1 << 30, 64));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        decoder.decode(Wire.direct("+warm\r\n"));
        ByteBuf in = Wire.direct("*100000000\r\n*100000000\r\n$1000000000\r\n");
        long before = threads.getCurrentThreadAllocatedBytes();

        Outcome outcome = decoder.decode(in);

        assertThat(outcome).isEqualTo(Outcome.MORE);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        in.release();
    }

    @Test
    void shouldStayRefusedAfterAnError() {
        ReplyDecoder decoder = new ReplyDecoder();
        decoder.decode(Wire.direct("x\r\n"));

        Outcome outcome = decoder.decode(Wire.direct("+OK\r\n"));

        assertThat(outcome).isEqualTo(Outcome.ERROR);
        assertThat(decoder.reply()).isNull();
        assertThat(decoder.refusal()).isEqualTo(Refusal.UNKNOWN_TYPE);
    }

    @ParameterizedTest
    @CsvSource({
        "'%1\r\n+a\r\n#t\r\n', '*2\r\n+a\r\n:1\r\n'",
        "'~1\r\n_\r\n', '*1\r\n$-1\r\n'",
        "'>1\r\n*-1\r\n', '*1\r\n*-1\r\n'",
        "'|1\r\n+a\r\n+b\r\n,1.5\r\n', '$3\r\n1.5\r\n'",
        "'=5\r\ntxt:a\r\n', '$1\r\na\r\n'",
        "'!5\r\nERR a\r\n', '-ERR a\r\n'",
        "'(-12\r\n', '$3\r\n-12\r\n'",
    })
    void shouldWriteResp2Forms(String resp3, String resp2) {
        ByteBuf out = Unpooled.buffer();

        new ReplyEncoder(out, 2).reply(ReplyStream.of(resp3).replies.get(0));

        assertThat(Wire.text(out)).isEqualTo(resp2);
    }

    @Test
    void shouldReadNeedlessSignsAndZeros() {
        assertThat(ReplyStream.of(":+7\r\n:007\r\n:-0\r\n").seen())
                .containsExactly(new Reply.Integer(7), new Reply.Integer(7), new Reply.Integer(0));
    }

    @Test
    void shouldCompareAndShowReplies() {
        assertThat(Bulk.of("a"))
                .isNotEqualTo(Bulk.of("b"))
                .hasSameHashCodeAs(Bulk.of("a"))
                .hasToString("Bulk[a]");
        assertThat(new Reply.BulkError(Wire.bytes("E")))
                .isNotEqualTo(Bulk.of("E"))
                .hasToString("BulkError[E]");
        assertThat(new Reply.Verbatim("txt", Wire.bytes("a")))
                .isNotEqualTo(new Reply.Verbatim("mkd", Wire.bytes("a")))
                .hasToString("Verbatim[txt:a]");
        assertThat(new Reply.Double("1.50").value()).isEqualTo(1.5);
        assertThat(new Reply.Double("-inf").value()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new Reply.BigNumber("+12").value()).isEqualTo(12);
        assertThatThrownBy(() -> new Reply.Double("1,5"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reply.BigNumber("a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reply.Verbatim("a", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReplyLimits(-1, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Object> limited(ReplyLimits limits, String message) {
        ReplyStream whole = new ReplyStream(limits);
        whole.arrive(Wire.bytes(message));
        ReplyStream single = new ReplyStream(limits);
        for (byte b : Wire.bytes(message)) {
            single.arrive(new byte[] {b});
        }
        assertThat(single.seen()).isEqualTo(whole.seen());
        return whole.seen();
    }
}
