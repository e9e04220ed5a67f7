package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.resp.RequestDecoder.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class RequestTest {
    @Test
    void shouldCompareWithoutRegardToCase() {
        Request request = decoded("*3\r\n$3\r\ngEt\r\n$4\r\nGET \r\n$3\r\ng\u00c5[\r\n");

        assertThat(request.is(0, "GET")).isTrue();
        assertThat(request.is(0, "SET")).isFalse();
        assertThat(request.is(0, "GETX")).isFalse();
        assertThat(request.is(1, "GET")).isFalse();
        assertThat(request.is(2, "G\u00c5[")).isTrue();
        assertThat(request.is(2, "G\u00c5{")).isFalse();
    }

    @Test
    void shouldGiveArgumentsBackByteForByte() {
        StringBuilder all = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            all.append((char) b);
        }

        Request request = decoded("*1\r\n$256\r\n" + all + "\r\n");

        assertThat(request.text(0)).isEqualTo(all.toString());
        assertThat(request.bytes(0)).isEqualTo(Wire.bytes(all.toString()));
    }

    @Test
    void shouldRefuseArgumentsThatAreNotThere() {
        Request request = decoded("*1\r\n$4\r\nPING\r\n");

        assertThatThrownBy(() -> request.offset(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> request.length(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Request().bytes(0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldOutliveItsReceiveBufferAsACopy() {
        ByteBuf in = Wire.direct("*2\r\n$3\r\nGET\r\n$0\r\n\r\n");
        Request request = new Request();
        new RequestDecoder().decode(in, request);

        Request copy = request.copy();
        in.setZero(0, in.capacity()).release();

        assertThat(Wire.arguments(copy)).containsExactly("GET", "");
        assertThat(copy.totalBytes()).isEqualTo(3);
        copy.release();
        assertThat(copy.argumentCount()).isZero();
    }

    @Test
    void shouldGiveBackTheBytesOfAnAllocatedCopyOnce() {
        Request request = decoded("*1\r\n$4\r\nPING\r\n");
        Request copy = request.copy(UnpooledByteBufAllocator.DEFAULT);
        ByteBuf own = copy.buffer();

        copy.release();
        copy.release();
        request.release();

        assertThat(own.refCnt()).isZero();
        assertThat(request.argumentCount()).isZero();
    }

    @Test
    void shouldNotReleaseABufferThatIsNotItsOwn() {
        ByteBuf in = Wire.direct("*1\r\n$4\r\nPING\r\n");
        Request request = new Request();
        new RequestDecoder().decode(in, request);

        request.release();

        assertThat(in.refCnt()).isEqualTo(1);
        in.release();
    }

    @Test
    void shouldShowArgumentsInItsText() {
        assertThat(decoded("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")).hasToString("Request[\"GET\" \"k\"]");
    }

    private static Request decoded(String message) {
        Request request = new Request();
        Outcome outcome =
                new RequestDecoder().decode(Unpooled.wrappedBuffer(Wire.bytes(message)), request);
        assertThat(outcome).isEqualTo(Outcome.REQUEST);
        return request;
    }
}
