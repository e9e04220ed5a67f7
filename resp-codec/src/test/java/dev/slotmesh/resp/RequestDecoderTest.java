package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.resp.RequestDecoder.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder against what redis-server 7.0.15 answered to the same bytes. */
class RequestDecoderTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";

    /** Messages of every form, valid and not, for the tests that cut them. */
    static List<String> messages() {
        List<String> messages = new ArrayList<>(List.of(
                PING,
                PING + PING,
                "*2\r\n$3\r\nGET\r\n$16\r\n0123456789abcdef\r\n",
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n*0\r\n" + PING,
                "*2\r\n$4\r\nECHO\r\n$123\r\n" + "x".repeat(123) + "\r\n" + PING,
                "*2\r\n$4\r\nECHO\r\n$1234\r\n" + "\r\n$*".repeat(308) + "zz\r\n" + PING,
                "*12\r\n" + "$1\r\na\r\n".repeat(12) + PING,
                "*-1\r\n*0\r\n\r\n\n  \t\r\n" + PING,
                "PING\r\nECHO hello\n" + PING,
                "SET \"a b\" 'it\\'s' \"\\x41\\n\\\"\"\r\n" + PING,
                "*2\r\n$4\r\nECHO\r\n$2\r\n\r\n\r\n" + PING,
                "*1\r\n$4\r\nPINGxx" + PING,
                PING + "*x\r\n",
                PING + "*2\r\n$4\r\nECHO\r\n$-1\r\n",
                "*1\r\nx\r\n",
                "*2\r\n$1\r\na\r\n$536870913\r\n",
                "ECHO \"a\r\n"));
        messages.add("*200\r\n" + "$2\r\nab\r\n".repeat(200) + PING);
        return messages;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldDecodeTheSameWhereverTheBytesAreCut(String message) {
        List<Object> whole = RequestStream.of(message).seen();

        for (int cut = 1; cut < message.length(); cut++) {
            List<Object> parts = RequestStream.of(message.substring(0, cut), message.substring(cut))
                    .seen();

            assertThat(parts).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldDecodeTheSameByteByByte(String message) {
        RequestStream stream = RequestStream.of(message.split(""));

        assertThat(stream.seen()).isEqualTo(RequestStream.of(message).seen()).isNotEmpty();
    }

    @Test
    void shouldPointIntoTheBufferAndMovePastTheRequest() {
        ByteBuf in = Wire.direct("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n*1");
        Request request = new Request();

        Outcome outcome = new RequestDecoder().decode(in, request);

        assertThat(outcome).isEqualTo(Outcome.REQUEST);
        assertThat(request.buffer()).isSameAs(in);
        assertThat(request.argumentCount()).isEqualTo(2);
        assertThat(request.offset(0)).isEqualTo(3 + 8);
        assertThat(request.length(0)).isEqualTo(3);
        assertThat(request.offset(1)).isEqualTo(3 + 17);
        assertThat(in.readerIndex()).isEqualTo(3 + 22);
        assertThat(new RequestDecoder().decode(in, request)).isEqualTo(Outcome.MORE);
        assertThat(request.argumentCount()).isZero();
        in.release();
    }

    @Test
    void shouldStayAtTheStartOfAnUnfinishedRequest() {
        ByteBuf in = Wire.direct(PING + "*2\r\n$3\r\nGET\r\n$3\r\nke");
        RequestDecoder decoder = new RequestDecoder();
        decoder.decode(in, new Request());

        Outcome outcome = decoder.decode(in, new Request());

        assertThat(outcome).isEqualTo(Outcome.MORE);
        assertThat(in.readerIndex()).isEqualTo(3 + PING.length());
        in.release();
    }

    @ParameterizedTest
    @CsvSource({
        "*abc, invalid multibulk length",
        "*, invalid multibulk length",
        "*+1, invalid multibulk length",
        "'* 1', invalid multibulk length",
        "'*1 ', invalid multibulk length",
        "*01, invalid multibulk length",
        "*-, invalid multibulk length",
        "*-0, invalid multibulk length",
        "*-abc, invalid multibulk length",
        "*1048577, invalid multibulk length",
        "*2147483648, invalid multibulk length",
        "*9223372036854775808, invalid multibulk length",
        "*9999999999999999999, invalid multibulk length",
        "*99999999999999999999999999, invalid multibulk length",
        "*-9223372036854775809, invalid multibulk length",
    })
    void shouldRefuseCountAsRedisWordsIt(String line, String error) {
        assertThat(RequestStream.of(line + "\r\n").error).isEqualTo("Protocol error: " + error);
    }

    @ParameterizedTest
    @CsvSource({
        "$abc, invalid bulk length",
        "$, invalid bulk length",
        "$-1, invalid bulk length",
        "$-, invalid bulk length",
        "$+4, invalid bulk length",
        "$04, invalid bulk length",
        "$00, invalid bulk length",
        "$0012, invalid bulk length",
        "$12x4, invalid bulk length",
        "$1x, invalid bulk length",
        "'$4 ', invalid bulk length",
        "$536870913, invalid bulk length",
        "$2147483648, invalid bulk length",
        "$99999999999999999999, invalid bulk length",
        "'4', 'expected ''$'', got ''4'''",
        "'', 'expected ''$'', got '' '''",
        "'!3', 'expected ''$'', got ''!'''",
        "':4', 'expected ''$'', got '':'''",
    })
    void shouldRefuseLengthAsRedisWordsIt(String line, String error) {
        assertThat(RequestStream.of("*1\r\n" + line + "\r\nPING\r\n").error)
                .isEqualTo("Protocol error: " + error);
    }

    @Test
    void shouldQuoteAnyByteThatIsNotADollar() {
        for (int b = 0; b < 256; b++) {
            String shown = b == '\r' || b == '\n' ? " " : String.valueOf((char) b);

            String error = RequestStream.of("*1\r\n" + (char) b + "\r\n....").error;

            if (b != '$') {
                assertThat(error)
                        .as("byte %d", b)
                        .isEqualTo("Protocol error: expected '$', got '" + shown + "'");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*1\rx$4\r\nPING\r\n", "*1\r\n$4\rxPING\r\n", "*1\r\n$4\r\nPINGxx"})
    void shouldSkipLineEndsUnseenAsRedisDoes(String message) {
        assertThat(RequestStream.of(message).requests).containsExactly(List.of("PING"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*0\r\n",
                "*-1\r\n",
                "*-5\r\n",
                "*-9223372036854775808\r\n",
                "\r\n",
                "\n",
                " \t \r\n"
            })
    void shouldPassOverEmptyRequests(String empty) {
        RequestStream stream = RequestStream.of(empty + empty + PING + empty);

        assertThat(stream.requests).containsExactly(List.of("PING"));
        assertThat(stream.unreadBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "x, too big inline request",
        "*1, too big mbulk count string",
        "'*1\r\n$1', too big bulk count string"
    })
    void shouldNotBufferAnUnterminatedLineWithoutBound(String start, String error) {
        String line = start.startsWith("*1\r\n") ? start.substring(4) : start;
        RequestStream stream = RequestStream.of(start);

        stream.arrive(Wire.bytes("1".repeat(65536 - line.length())));
        String before = stream.error;
        stream.arrive(Wire.bytes("1"));

        assertThat(before).isNull();
        assertThat(stream.error).isEqualTo("Protocol error: " + error);
    }

    @Test
    void shouldAdmitTheLongestInlineLineHoweverItIsCut() {
        String line = "E" + "x".repeat(65535) + "\n";

        assertThat(RequestStream.of(line).requests).hasSize(1);
        assertThat(RequestStream.of(line.substring(0, 65536), "\n").requests).hasSize(1);
        assertThat(RequestStream.of("y" + line).error)
                .isEqualTo("Protocol error: too big inline request");
    }

    @Test
    void shouldNotAllocateByTheAnnouncedCount() {
        RequestDecoder decoder =
                new RequestDecoder(new RequestLimits(65536, Integer.MAX_VALUE, 1 << 20));
        Request request = new Request();
        ByteBuf in = Wire.direct("*2147483647\r\n$1\r\na\r\n");

        Outcome outcome = decoder.decode(in, request);

        assertThat(outcome).isEqualTo(Outcome.MORE);
        assertThat(request.spans().length).isLessThanOrEqualTo(64);
        in.release();
    }

    @Test
    void shouldHoldTheLimitsOfAnUnauthenticatedClient() {
        assertThat(unauthenticated("*11\r\n").error)
                .isEqualTo("Protocol error: unauthenticated multibulk length");
        assertThat(unauthenticated("*10\r\n").error).isNull();
        assertThat(unauthenticated("*2\r\n$16385\r\n").error)
                .isEqualTo("Protocol error: unauthenticated bulk length");
        assertThat(unauthenticated("*2\r\n$16384\r\n").error).isNull();
        assertThat(unauthenticated("*2147483648\r\n").error)
                .isEqualTo("Protocol error: invalid multibulk length");
        assertThat(unauthenticated("*2\r\n$536870913\r\n").error)
                .isEqualTo("Protocol error: invalid bulk length");
        assertThat(unauthenticated("PING a b c d e f g h i j k\r\n").requests).hasSize(1);
    }

    @Test
    void shouldApplyNewLimitsToTheNextRequest() {
        RequestDecoder decoder = new RequestDecoder(RequestLimits.UNAUTHENTICATED);
        ByteBuf in = Wire.direct(PING + "*11\r\n" + "$1\r\na\r\n".repeat(11));
        Request request = new Request();
        decoder.decode(in, request);

        decoder.limits(RequestLimits.DEFAULT);

        assertThat(decoder.decode(in, request)).isEqualTo(Outcome.REQUEST);
        assertThat(request.argumentCount()).isEqualTo(11);
        in.release();
    }

    @ParameterizedTest
    @CsvSource({"5, $6", "50, $51", "500, $501", "0, $1", "5000, $5001", "70000, $70001"})
    void shouldHoldAnyBulkLimit(long limit, String refused) {
        RequestStream above = new RequestStream(RequestLimits.DEFAULT.withMaxBulkBytes(limit));
        RequestStream at = new RequestStream(RequestLimits.DEFAULT.withMaxBulkBytes(limit));

        above.arrive(Wire.bytes("*1\r\n" + refused + "\r\nxxxxxx"));
        at.arrive(Wire.bytes("*1\r\n$" + limit + "\r\n" + "x".repeat((int) limit) + "\r\n"));

        assertThat(above.error).isEqualTo("Protocol error: invalid bulk length");
        assertThat(at.requests).hasSize(1);
    }

    @Test
    void shouldSayWhatTheUnfinishedArgumentLacks() {
        RequestDecoder decoder = new RequestDecoder();
        Request request = new Request();

        assertThat(missing(decoder, request, "*1\r\n$1000\r\n")).isEqualTo(1002);
        assertThat(missing(decoder, request, "*1\r\n$1000\r\n" + "x".repeat(900)))
                .isEqualTo(102);
        assertThat(missing(decoder, request, "*1\r\n$1000\r\n" + "x".repeat(1001)))
                .isEqualTo(1);
    }

    @Test
    void shouldBoundTheHintByWhatArrived() {
        assertThat(missing(new RequestDecoder(), new Request(), "*1\r\n$536870912\r\n"))
                .isEqualTo(1 << 20);
        assertThat(missing(
                        new RequestDecoder(),
                        new Request(),
                        "*1\r\n$536870912\r\n" + "x".repeat(3 << 20)))
                .isEqualTo(3 << 20);
        assertThat(missing(new RequestDecoder(), new Request(), "*1\r\n$53687")).isZero();
    }

    @Test
    void shouldReuseOneRequestWithoutKeepingLargeArrays() {
        Request request = new Request();
        RequestDecoder decoder = new RequestDecoder();
        ByteBuf in = Unpooled.buffer();
        in.writeBytes(Wire.bytes("*10000\r\n" + "$1\r\na\r\n".repeat(10000) + PING));

        decoder.decode(in, request);
        int large = request.spans().length;
        decoder.decode(in, request);

        assertThat(large).isGreaterThanOrEqualTo(20000);
        assertThat(request.spans().length).isLessThan(100);
        assertThat(Wire.arguments(request)).containsExactly("PING");
    }

    private static RequestStream unauthenticated(String bytes) {
        RequestStream stream = new RequestStream(RequestLimits.UNAUTHENTICATED);
        stream.arrive(Wire.bytes(bytes));
        return stream;
    }

    private static int missing(RequestDecoder decoder, Request request, String bytes) {
        ByteBuf in = Wire.direct(bytes);
        assertThat(decoder.decode(in, request)).isEqualTo(Outcome.MORE);
        in.release();
        return decoder.missingBytes();
    }
}
