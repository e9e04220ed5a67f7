package dev.slotmesh.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The offsets as literal numbers, against a slip anywhere in the chain. */
class LayoutTest {
    @Test
    void shouldPlaceTheFieldsOfTheFullHeader() {
        assertThat(Layout.SIGNATURE).isEqualTo(0x52436d62);
        assertThat(Layout.PROTOCOL_VERSION).isEqualTo(1);
        assertThat(Layout.FRAME_PREFIX_BYTES).isEqualTo(8);
        assertThat(new int[] {
                    Layout.SIG,
                    Layout.TOTLEN,
                    Layout.VER,
                    Layout.PORT,
                    Layout.TYPE,
                    Layout.COUNT,
                    Layout.CURRENT_EPOCH,
                    Layout.CONFIG_EPOCH,
                    Layout.OFFSET,
                    Layout.SENDER,
                    Layout.MYSLOTS,
                    Layout.SLAVEOF,
                    Layout.MYIP,
                    Layout.EXTENSIONS,
                    Layout.UNUSED,
                    Layout.PPORT,
                    Layout.CPORT,
                    Layout.FLAGS,
                    Layout.STATE,
                    Layout.MFLAGS,
                    Layout.HEADER_BYTES
                })
                .containsExactly(
                        0, 4, 8, 10, 12, 14, 16, 24, 32, 40, 80, 2128, 2168, 2214, 2216, 2246, 2248,
                        2250, 2252, 2253, 2256);
    }

    @Test
    void shouldPlaceTheFieldsOfAGossipEntry() {
        assertThat(new int[] {
                    Layout.GOSSIP_ID,
                    Layout.GOSSIP_PING_SENT,
                    Layout.GOSSIP_PONG_RECEIVED,
                    Layout.GOSSIP_IP,
                    Layout.GOSSIP_PORT,
                    Layout.GOSSIP_CPORT,
                    Layout.GOSSIP_FLAGS,
                    Layout.GOSSIP_PPORT,
                    Layout.GOSSIP_UNUSED,
                    Layout.GOSSIP_BYTES
                })
                .containsExactly(0, 40, 44, 48, 94, 96, 98, 100, 102, 104);
        assertThat(Layout.IP_BYTES).isEqualTo(46);
    }

    @Test
    void shouldPlaceTheFieldsOfExtensions() {
        assertThat(new int[] {
                    Layout.EXT_LENGTH,
                    Layout.EXT_TYPE,
                    Layout.EXT_UNUSED,
                    Layout.EXT_HEADER_BYTES,
                    Layout.FORGOTTEN_ID,
                    Layout.FORGOTTEN_TTL,
                    Layout.FORGOTTEN_BYTES,
                    Layout.SHARD_ID,
                    Layout.SHARD_BYTES
                })
                .containsExactly(0, 4, 6, 8, 8, 48, 56, 8, 48);
        assertThat(Layout.EXT_MAX_BYTES).isEqualTo(65528);
        assertThat(Layout.EXT_ALIGNMENT).isEqualTo(8);
    }

    @Test
    void shouldPlaceTheFieldsOfTheOtherBodies() {
        assertThat(new int[] {Layout.FAIL_ID, Layout.FAIL_BYTES}).containsExactly(2256, 2296);
        assertThat(new int[] {
                    Layout.UPDATE_CONFIG_EPOCH,
                    Layout.UPDATE_ID,
                    Layout.UPDATE_SLOTS,
                    Layout.UPDATE_BYTES
                })
                .containsExactly(2256, 2264, 2304, 4352);
        assertThat(new int[] {
                    Layout.MODULE_ID,
                    Layout.MODULE_LENGTH,
                    Layout.MODULE_TYPE,
                    Layout.MODULE_PAYLOAD
                })
                .containsExactly(2256, 2264, 2268, 2269);
        assertThat(new int[] {
                    Layout.PUBLISH_CHANNEL_LENGTH,
                    Layout.PUBLISH_MESSAGE_LENGTH,
                    Layout.PUBLISH_CONTENTS
                })
                .containsExactly(0, 4, 8);
    }

    @Test
    void shouldPlaceTheFieldsOfTheLightHeader() {
        assertThat(new int[] {
                    Layout.LIGHT_UNUSED1,
                    Layout.LIGHT_TYPE,
                    Layout.LIGHT_UNUSED2,
                    Layout.LIGHT_PREFIX_BYTES,
                    Layout.LIGHT_HEADER_BYTES
                })
                .containsExactly(10, 12, 14, 14, 16);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "7, 8", "8, 8", "9, 16", "17, 24"})
    void shouldRoundUpToEight(int bytes, int rounded) {
        assertThat(Layout.roundUpToAlignment(bytes)).isEqualTo(rounded);
    }

    @Test
    void shouldNumberTheTypesAndFlagsAsTheWireDoes() {
        assertThat(MessageType.values())
                .extracting(MessageType::code)
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(MessageType.values())
                .extracting(MessageType::statsName)
                .containsExactly(
                        "ping",
                        "pong",
                        "meet",
                        "fail",
                        "publish",
                        "auth-req",
                        "auth-ack",
                        "update",
                        "mfstart",
                        "module",
                        "publishshard");
        assertThat(MessageType.ofCode(10)).contains(MessageType.PUBLISHSHARD);
        assertThat(MessageType.ofCode(11)).isEmpty();
        assertThat(MessageType.ofCode(-1)).isEmpty();
        assertThat(MessageType.ofCode(0x8004)).isEmpty();
        assertThat(MessageType.statsNameOf(0x8004)).isEqualTo("publish");
        assertThat(MessageType.statsNameOf(99)).isEqualTo("unknown");
        assertThat(new int[] {MessageFlags.PAUSED, MessageFlags.FORCEACK, MessageFlags.EXT_DATA})
                .containsExactly(1, 2, 4);
        assertThat(NodeFlags.describe(0x0111)).isEqualTo("master+myself+migrate_to");
        assertThat(NodeFlags.describe(0x0212)).isEqualTo("slave+myself+nofailover");
        assertThat(NodeFlags.describe(0x0c0d))
                .isEqualTo("master+pfail+fail+ext_supported+light_hdr");
        assertThat(NodeFlags.describe(0x00e0)).isEqualTo("handshake+noaddr+meet");
        assertThat(NodeFlags.describe(0x9000)).isEqualTo("0x1000+0x8000");
        assertThat(NodeFlags.describe(0)).isEqualTo("none");
    }
}
