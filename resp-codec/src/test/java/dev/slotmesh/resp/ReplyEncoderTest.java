package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyEncoderTest {
    private static Arguments reply(
            String name, Consumer<ReplyEncoder> call, String resp2, String resp3) {
        return Arguments.of(name, call, resp2, resp3);
    }

    private static Arguments reply(String name, Consumer<ReplyEncoder> call, String both) {
        return Arguments.of(name, call, both, both);
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                reply("ok", ReplyEncoder::ok, "+OK\r\n"),
                reply("simple string", e -> e.simpleString("PONG"), "+PONG\r\n"),
                reply("simple string, lines", e -> e.simpleString("a\r\nb"), "+a  b\r\n"),
                reply("error", e -> e.error("ERR syntax error"), "-ERR syntax error\r\n"),
                reply("error, lines", e -> e.error("ERR a\r\nb\n\r\n"), "-ERR a  b\r\n"),
                reply("error, bytes", e -> e.error("ERR \u00ff\u0100"), "-ERR \u00ff?\r\n"),
                reply("bulk", e -> e.bulk(Wire.bytes("a\r\nb")), "$4\r\na\r\nb\r\n"),
                reply("bulk, empty", e -> e.bulk(new byte[0]), "$0\r\n\r\n"),
                reply("bulk of buffer", e -> e.bulk(Wire.direct("abcdef"), 4, 3), "$3\r\nbcd\r\n"),
                reply("bulk of text", e -> e.bulk("ab\u00ff"), "$3\r\nab\u00ff\r\n"),
                reply("bulk of number", e -> e.bulk(-1234567L), "$8\r\n-1234567\r\n"),
                reply(
                        "bulk in parts",
                        e -> {
                            e.bulkHeader(2);
                            e.buffer().writeByte('x').writeByte('y');
                            e.bulkTrailer();
                        },
                        "$2\r\nxy\r\n"),
                reply("null bulk", ReplyEncoder::nullBulk, "$-1\r\n", "_\r\n"),
                reply("null array", ReplyEncoder::nullArray, "*-1\r\n", "_\r\n"),
                reply("null value", ReplyEncoder::nullValue, "$-1\r\n", "_\r\n"),
                reply("array", e -> e.array(3), "*3\r\n"),
                reply("array, large", e -> e.array(123456), "*123456\r\n"),
                reply("map", e -> e.map(2), "*4\r\n", "%2\r\n"),
                reply(
                        "map, large",
                        e -> e.map(Integer.MAX_VALUE),
                        "*4294967294\r\n",
                        "%2147483647\r\n"),
                reply("set", e -> e.set(0), "*0\r\n", "~0\r\n"),
                reply("push", e -> e.push(3), "*3\r\n", ">3\r\n"),
                reply(
                        "double",
                        e -> e.doubleValue(0.1),
                        "$19\r\n0.10000000000000001\r\n",
                        ",0.10000000000000001\r\n"),
                reply("double, inf", e -> e.doubleValue(-1 / 0.0), "$4\r\n-inf\r\n", ",-inf\r\n"),
                reply("true", e -> e.bool(true), ":1\r\n", "#t\r\n"),
                reply("false", e -> e.bool(false), ":0\r\n", "#f\r\n"),
                reply(
                        "big number",
                        e -> e.bigNumber("-99999999999999999999"),
                        "$21\r\n-99999999999999999999\r\n",
                        "(-99999999999999999999\r\n"),
                reply(
                        "verbatim",
                        e -> e.verbatim("txt", Wire.bytes("ab")),
                        "$2\r\nab\r\n",
                        "=6\r\ntxt:ab\r\n"),
                reply("verbatim text", e -> e.verbatim("mkd", ""), "$0\r\n\r\n", "=4\r\nmkd:\r\n"),
                reply(
                        "bulk error",
                        e -> e.bulkError(Wire.bytes("ERR a\nb")),
                        "-ERR a b\r\n",
                        "!7\r\nERR a\nb\r\n"),
                reply("raw", e -> e.raw(Wire.bytes(":1\r\n")), ":1\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replies")
    void shouldWriteBothProtocols(
            String name, Consumer<ReplyEncoder> call, String resp2, String resp3) {
        assertThat(written(2, call)).isEqualTo(resp2);
        assertThat(written(3, call)).isEqualTo(resp3);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                9,
                10,
                99,
                100,
                999,
                1000,
                1023,
                1024,
                9999,
                10000,
                123456,
                -1,
                -9,
                -10,
                -99,
                -100,
                -123,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                1000000000000000000L
            })
    void shouldWriteIntegers(long value) {
        assertThat(written(2, e -> e.integer(value))).isEqualTo(":" + value + "\r\n");
        assertThat(written(2, e -> e.bulk(value)))
                .isEqualTo("$" + Long.toString(value).length() + "\r\n" + value + "\r\n");
    }

    @Test
    void shouldWriteEveryNumberAroundThePowersOfTen() {
        for (long power = 1; power <= 1_000_000_000_000_000_00L; power *= 10) {
            for (long value = power - 3; value < power + 3; value++) {
                long number = value;
                assertThat(written(3, e -> e.integer(-number))).isEqualTo(":" + -number + "\r\n");
            }
        }
    }

    @Test
    void shouldWriteBulkHeadersOfEveryLength() {
        for (int length = 0; length < 1100; length++) {
            byte[] bytes = new byte[length];

            String text = written(2, e -> e.bulk(bytes));

            assertThat(text).isEqualTo("$" + length + "\r\n" + "\0".repeat(length) + "\r\n");
        }
    }

    @Test
    void shouldAppendToAFullBufferByGrowingIt() {
        ByteBuf out = Unpooled.directBuffer(1);
        ReplyEncoder encoder = new ReplyEncoder(out, 2);

        for (int i = 0; i < 100; i++) {
            encoder.ok();
            encoder.integer(i);
        }

        assertThat(Wire.text(out))
                .startsWith("+OK\r\n:0\r\n+OK\r\n:1\r\n")
                .endsWith("+OK\r\n:99\r\n");
        out.release();
    }

    @Test
    void shouldFollowBufferAndProtocol() {
        ByteBuf first = Unpooled.buffer();
        ByteBuf second = Unpooled.buffer();
        ReplyEncoder encoder = new ReplyEncoder().bind(first);
        encoder.nullBulk();

        encoder.bind(second).protocol(3).nullBulk();

        assertThat(Wire.text(first)).isEqualTo("$-1\r\n");
        assertThat(Wire.text(second)).isEqualTo("_\r\n");
        assertThat(encoder.protocol()).isEqualTo(3);
    }

    @Test
    void shouldWriteAttributesInResp3Only() {
        assertThat(written(3, e -> e.attribute(1))).isEqualTo("|1\r\n");
        assertThatThrownBy(() -> written(2, e -> e.attribute(1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseImpossibleSettings() {
        assertThatThrownBy(() -> new ReplyEncoder().protocol(4))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> written(3, e -> e.verbatim("text", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String written(int protocol, Consumer<ReplyEncoder> call) {
        ByteBuf out = Unpooled.buffer(1);
        call.accept(new ReplyEncoder(out, protocol));
        return Wire.text(out);
    }
}
