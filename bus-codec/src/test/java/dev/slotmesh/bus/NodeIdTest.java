package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdTest {
    private static final String TEXT = "406c817a764ff1f48103d02d9609fef2449bc845";

    @Test
    void shouldParseAndPrintForty() {
        NodeId id = NodeId.parse(TEXT);

        assertThat(id)
                .hasToString(TEXT)
                .isEqualTo(NodeId.parse(TEXT))
                .hasSameHashCodeAs(NodeId.parse(TEXT));
        assertThat(id.isWellFormed()).isTrue();
        assertThat(id.isNone()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "406c817a764ff1f48103d02d9609fef2449bc84",
                "406c817a764ff1f48103d02d9609fef2449bc8450",
                "406C817a764ff1f48103d02d9609fef2449bc845",
                "406c817a764ff1f48103d02d9609fef2449bc84-",
                "406c817a764ff1f48103d02d9609fef2449bc84\u0130"
            })
    void shouldRefuseWhatIsNoNodeId(String text) {
        assertThat(NodeId.isWellFormed(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> NodeId.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BIG_ENDIAN", "LITTLE_ENDIAN"})
    void shouldTravelAsItsCharactersInEitherBufferOrder(String order) {
        ByteOrder byteOrder =
                order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer buffer = ByteBuffer.allocate(43).order(byteOrder);

        NodeId.parse(TEXT).write(buffer, 3);

        byte[] written = new byte[40];
        buffer.get(3, written);
        assertThat(new String(written, StandardCharsets.US_ASCII)).isEqualTo(TEXT);
        assertThat(NodeId.read(buffer, 3)).isEqualTo(NodeId.parse(TEXT));
        assertThat(buffer.position()).isZero();
    }

    @Test
    void shouldBeNoneWhenAllBytesAreZero() {
        NodeId read = NodeId.read(ByteBuffer.allocate(40), 0);

        assertThat(read).isSameAs(NodeId.NONE).hasToString("-");
        assertThat(read.isNone()).isTrue();
        assertThat(read.isWellFormed()).isFalse();
    }

    @Test
    void shouldKeepAndEscapeBytesThatAreNoName() {
        ByteBuffer buffer = ByteBuffer.allocate(40);
        NodeId.parse(TEXT).write(buffer, 0);
        buffer.put(1, (byte) '\n').put(39, (byte) 0xff);

        NodeId read = NodeId.read(buffer, 0);

        assertThat(read.isWellFormed()).isFalse();
        assertThat(read).hasToString("4\\x0a" + TEXT.substring(2, 39) + "\\xff");
        ByteBuffer again = ByteBuffer.allocate(40);
        read.write(again, 0);
        assertThat(again).isEqualTo(buffer);
    }

    @Test
    void shouldOrderAsItsTextDoes() {
        SplittableRandom random = new SplittableRandom(7);
        List<String> texts = new ArrayList<>();
        List<NodeId> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            NodeId id = RandomMessages.nodeId(random);
            ids.add(id);
            texts.add(id.toString());
        }

        ids.sort(null);
        texts.sort(null);

        assertThat(ids).extracting(NodeId::toString).containsExactlyElementsOf(texts);
        assertThat(ids.get(0).compareTo(ids.get(0))).isZero();
    }

    @Test
    void shouldDifferInEveryByte() {
        ByteBuffer buffer = ByteBuffer.allocate(40);
        NodeId original = NodeId.parse(TEXT);
        for (int i = 0; i < 40; i++) {
            original.write(buffer, 0);
            buffer.put(i, (byte) (buffer.get(i) + 1));

            NodeId other = NodeId.read(buffer, 0);

            assertThat(other).isNotEqualTo(original).isGreaterThan(original);
        }
    }

    @Test
    void shouldStayInsideTheLimit() {
        ByteBuffer buffer = ByteBuffer.allocate(60).limit(50);

        assertThatThrownBy(() -> NodeId.read(buffer, 11))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> NodeId.NONE.write(buffer, 11))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> NodeId.read(buffer, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
