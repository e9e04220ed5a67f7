package dev.slotmesh.bus;

/**
 * The offsets of the bus packets in bytes, each the one before plus its size; the only place that knows them. Integers are
 * big-endian. A full header, with the offsets from the start of the message:
 *
 * <pre>
 *    0 sig "RCmb"      4 totlen u32      8 ver u16      10 port u16     12 type u16    14 count u16
 *   16 currentEpoch   24 configEpoch    32 offset       40 sender[40]
 *   80 myslots[2048]                                  2128 slaveof[40]
 * 2168 myip[46]                                       2214 extensions u16
 * 2216 unused[30]   2246 pport u16    2248 cport u16  2250 flags u16    2252 state u8  2253 mflags[3]
 * 2256 body
 * </pre>
 */
final class Layout {
    /** "RCmb". */
    static final int SIGNATURE = 0x52436d62;

    static final int PROTOCOL_VERSION = 1;

    static final int IP_BYTES = 46;

    // Full header.
    static final int SIG = 0;
    static final int TOTLEN = SIG + 4;
    static final int VER = TOTLEN + 4;
    static final int PORT = VER + 2;
    static final int TYPE = PORT + 2;
    static final int COUNT = TYPE + 2;
    static final int CURRENT_EPOCH = COUNT + 2;
    static final int CONFIG_EPOCH = CURRENT_EPOCH + 8;
    static final int OFFSET = CONFIG_EPOCH + 8;
    static final int SENDER = OFFSET + 8;
    static final int MYSLOTS = SENDER + NodeId.LENGTH_BYTES;
    static final int SLAVEOF = MYSLOTS + SlotSet.LENGTH_BYTES;
    static final int MYIP = SLAVEOF + NodeId.LENGTH_BYTES;
    static final int EXTENSIONS = MYIP + IP_BYTES;
    static final int UNUSED = EXTENSIONS + 2;
    static final int UNUSED_BYTES = 30;
    static final int PPORT = UNUSED + UNUSED_BYTES;
    static final int CPORT = PPORT + 2;
    static final int FLAGS = CPORT + 2;
    static final int STATE = FLAGS + 2;
    static final int MFLAGS = STATE + 1;
    static final int HEADER_BYTES = MFLAGS + 3;

    /** What is read before signature and length can be judged. */
    static final int FRAME_PREFIX_BYTES = VER;

    // Gossip entry, from its start.
    static final int GOSSIP_ID = 0;
    static final int GOSSIP_PING_SENT = GOSSIP_ID + NodeId.LENGTH_BYTES;
    static final int GOSSIP_PONG_RECEIVED = GOSSIP_PING_SENT + 4;
    static final int GOSSIP_IP = GOSSIP_PONG_RECEIVED + 4;
    static final int GOSSIP_PORT = GOSSIP_IP + IP_BYTES;
    static final int GOSSIP_CPORT = GOSSIP_PORT + 2;
    static final int GOSSIP_FLAGS = GOSSIP_CPORT + 2;
    static final int GOSSIP_PPORT = GOSSIP_FLAGS + 2;
    static final int GOSSIP_UNUSED = GOSSIP_PPORT + 2;
    static final int GOSSIP_BYTES = GOSSIP_UNUSED + 2;

    // Ping extension, from its start; its length is a multiple of EXT_ALIGNMENT.
    static final int EXT_LENGTH = 0;
    static final int EXT_TYPE = EXT_LENGTH + 4;
    static final int EXT_UNUSED = EXT_TYPE + 2;
    static final int EXT_HEADER_BYTES = EXT_UNUSED + 2;
    static final int EXT_ALIGNMENT = 8;

    /** Stock receivers check the low 16 bits of an extension's length only: longer ones are a trap. */
    static final int EXT_MAX_BYTES = 0x10000 - EXT_ALIGNMENT;

    static final int FORGOTTEN_ID = EXT_HEADER_BYTES;
    static final int FORGOTTEN_TTL = FORGOTTEN_ID + NodeId.LENGTH_BYTES;
    static final int FORGOTTEN_BYTES = FORGOTTEN_TTL + 8;
    static final int SHARD_ID = EXT_HEADER_BYTES;
    static final int SHARD_BYTES = SHARD_ID + NodeId.LENGTH_BYTES;
    static final int APART_NAME = EXT_HEADER_BYTES;
    static final int APART_SOURCE = APART_NAME + NodeId.LENGTH_BYTES;
    static final int APART_SLOTS = APART_SOURCE + NodeId.LENGTH_BYTES;
    static final int APART_BYTES = APART_SLOTS + SlotSet.LENGTH_BYTES;

    // Bodies of the other types, from the start of the message.
    static final int FAIL_ID = HEADER_BYTES;
    static final int FAIL_BYTES = FAIL_ID + NodeId.LENGTH_BYTES;

    static final int UPDATE_CONFIG_EPOCH = HEADER_BYTES;
    static final int UPDATE_ID = UPDATE_CONFIG_EPOCH + 8;
    static final int UPDATE_SLOTS = UPDATE_ID + NodeId.LENGTH_BYTES;
    static final int UPDATE_BYTES = UPDATE_SLOTS + SlotSet.LENGTH_BYTES;

    static final int MODULE_ID = HEADER_BYTES;
    static final int MODULE_LENGTH = MODULE_ID + 8;
    static final int MODULE_TYPE = MODULE_LENGTH + 4;
    static final int MODULE_PAYLOAD = MODULE_TYPE + 1;

    // Publish body, from its start; it follows a full or a light header.
    static final int PUBLISH_CHANNEL_LENGTH = 0;
    static final int PUBLISH_MESSAGE_LENGTH = PUBLISH_CHANNEL_LENGTH + 4;
    static final int PUBLISH_CONTENTS = PUBLISH_MESSAGE_LENGTH + 4;

    // Valkey's light header: sig, totlen, ver, unused u16, type, unused u16.
    static final int LIGHT_UNUSED1 = VER + 2;
    static final int LIGHT_TYPE = LIGHT_UNUSED1 + 2;
    static final int LIGHT_UNUSED2 = LIGHT_TYPE + 2;
    static final int LIGHT_HEADER_BYTES = LIGHT_UNUSED2 + 2;

    /** What is read before a message shorter than a full header can be judged. */
    static final int LIGHT_PREFIX_BYTES = LIGHT_UNUSED2;

    private Layout() {}

    static int roundUpToAlignment(int bytes) {
        return bytes + EXT_ALIGNMENT - 1 & -EXT_ALIGNMENT;
    }
}
