package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message that exists can be sent: what would not fit the wire is refused when it is made. */
class BusMessageTest {
    private static final NodeId NODE = NodeId.parse("0123456789".repeat(4));
    private static final Header HEADER = new HeaderBuilder(NODE).build();
    private static final Address NOWHERE = new Address("", 0, 0, 0);

    @Test
    void shouldSetTheFlagWhenThereAreExtensions() {
        BusMessage.Heartbeat with = ping(List.of(), List.of(new PingExtension.Hostname("a.test")));
        BusMessage.Heartbeat without = ping(List.of(), List.of());

        assertThat(with.header().messageFlags()).isEqualTo(MessageFlags.EXT_DATA);
        assertThat(without.header().messageFlags()).isZero();
        assertThat(HEADER.withMessageFlags(0)).isSameAs(HEADER);
        assertThat(MessageFlags.has(5, MessageFlags.EXT_DATA)).isTrue();
        assertThat(MessageFlags.has(5, MessageFlags.FORCEACK)).isFalse();
    }

    @Test
    void shouldNotSeeLaterChangesOfTheLists() {
        List<GossipEntry> gossip = new ArrayList<>();
        BusMessage.Heartbeat ping = ping(gossip, List.of());
        gossip.add(new GossipEntry(NODE, 0, 0, NOWHERE, 1));

        assertThat(ping.gossip()).isEmpty();
        assertThat(BusEncoder.encodedLength(ping)).isEqualTo(2256);
    }

    @Test
    void shouldRefuseMoreEntriesThanTheCountsHold() {
        GossipEntry entry = new GossipEntry(NODE, 0, 0, NOWHERE, 1);
        PingExtension extension = new PingExtension.Unknown(9, Payload.EMPTY);
        PingExtension large = new PingExtension.Unknown(9, Payload.copyOf(new byte[65520]));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ping(Collections.nCopies(65536, entry), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ping(List.of(), Collections.nCopies(65536, extension)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ping(List.of(), Collections.nCopies(65535, large)))
                .withMessageContaining("heartbeat length");
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "7, 16", "8, 24", "16, 32", "65519, 65528"})
    void shouldPadTextExtensionsToEightBytes(int textLength, int encodedLength) {
        String text = "h".repeat(textLength);

        assertThat(new PingExtension.Hostname(text).encodedLength()).isEqualTo(encodedLength);
        assertThat(new PingExtension.ClientIpv6(text).encodedLength()).isEqualTo(encodedLength);
    }

    @Test
    void shouldRefuseExtensionsThatAreTrapsOnTheWire() {
        String tooLong = "h".repeat(65520);

        assertThatIllegalArgumentException().isThrownBy(() -> new PingExtension.Hostname(tooLong));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PingExtension.HumanNodename(tooLong));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PingExtension.ClientIpv4(tooLong));
        assertThatIllegalArgumentException().isThrownBy(() -> new PingExtension.ClientIpv6("\0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PingExtension.Hostname("a\u0100"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PingExtension.Unknown(9, Payload.copyOf(new byte[65528])));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PingExtension.Unknown(9, Payload.copyOf(new byte[12])));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PingExtension.Unknown(65536, Payload.EMPTY));
        assertThat(new PingExtension.Unknown(9, Payload.EMPTY).encodedLength()).isEqualTo(8);
    }

    @Test
    void shouldRefuseValuesWiderThanTheirFields() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("f".repeat(47), 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("", 65536, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("", 1, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("", 1, 0, 65536));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GossipEntry(NODE, 1L << 32, 0, NOWHERE, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GossipEntry(NODE, 0, -1, NOWHERE, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GossipEntry(NODE, 0, 0, NOWHERE, 65536));
        assertThatIllegalArgumentException().isThrownBy(() -> new Header.Flags(65536, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Header.Flags(0, 256, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Header.Flags(0, 0, 1 << 24));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BusMessage.Module(HEADER, 0, 256, Payload.EMPTY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BusMessage.Unknown(HEADER, 10, Payload.EMPTY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BusMessage.Unknown(HEADER, 0x8004, Payload.EMPTY));
        assertThatNullPointerException().isThrownBy(() -> new BusMessage.AuthAck(null));
    }

    @Test
    void shouldKeepPayloadsAsTheyWere() {
        byte[] bytes = {1, 2, 3};
        Payload payload = Payload.copyOf(bytes);
        bytes[0] = 9;
        payload.toByteArray()[1] = 9;

        assertThat(payload.toByteArray()).containsExactly(1, 2, 3);
        assertThat(payload.asReadOnlyBuffer()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(payload.asReadOnlyBuffer().isReadOnly()).isTrue();
        assertThat(payload).hasToString("3 bytes").isNotEqualTo(Payload.EMPTY);
        assertThat(Payload.copyOf(new byte[0])).isSameAs(Payload.EMPTY);
        assertThatThrownBy(() -> Payload.read(ByteBuffer.allocate(4), 1, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Payload.read(ByteBuffer.allocate(4), 1, Integer.MAX_VALUE))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static BusMessage.Heartbeat ping(
            List<GossipEntry> gossip, List<PingExtension> extensions) {
        return new BusMessage.Heartbeat(BusMessage.HeartbeatKind.PING, HEADER, gossip, extensions);
    }
}
