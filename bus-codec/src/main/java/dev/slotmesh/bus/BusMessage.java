package dev.slotmesh.bus;

import java.util.List;
import java.util.Objects;

/**
 * One message of the cluster bus, immutable. Every instance fits the wire; its constructor refuses what would not with an
 * {@link IllegalArgumentException}.
 */
public sealed interface BusMessage {
    /** The 16 bits of the type field, including {@link MessageType#LIGHT_BIT}. */
    int typeCode();

    /** A message with the full 2256-byte header. */
    sealed interface Full extends BusMessage {
        /** What the message says about its sender. */
        Header header();
    }

    /** A full message that is its header alone, or has a body of one known type. */
    sealed interface Typed extends Full {
        /** The known type; its code is {@link #typeCode()}. */
        MessageType type();

        @Override
        default int typeCode() {
            return type().code();
        }
    }

    /** The three types that share the heartbeat form. */
    enum HeartbeatKind {
        PING(MessageType.PING),
        PONG(MessageType.PONG),
        MEET(MessageType.MEET);

        private final MessageType type;

        HeartbeatKind(MessageType type) {
            this.type = type;
        }

        /** The message type of this kind. */
        public MessageType type() {
            return type;
        }
    }

    /**
     * PING, PONG or MEET. {@link MessageFlags#EXT_DATA} is set in the header when there are extensions, whether the caller
     * set it or not: stock peers walk unchecked memory otherwise.
     *
     * @param gossip 0..65535 entries
     * @param extensions 0..65535 extensions, in wire order
     */
    record Heartbeat(
            HeartbeatKind kind,
            Header header,
            List<GossipEntry> gossip,
            List<PingExtension> extensions)
            implements Typed {
        public Heartbeat {
            Objects.requireNonNull(kind);
            gossip = List.copyOf(gossip);
            extensions = List.copyOf(extensions);
            Fields.checkU16("gossip entries", gossip.size());
            Fields.checkU16("extensions", extensions.size());
            checkLength(gossip.size(), extensions);
            if (!extensions.isEmpty()) {
                header = header.withMessageFlags(header.messageFlags() | MessageFlags.EXT_DATA);
            }
            Objects.requireNonNull(header);
        }

        @Override
        public MessageType type() {
            return kind.type();
        }

        /** The counts alone allow 4 GiB of extensions. */
        private static void checkLength(int gossipCount, List<PingExtension> extensions) {
            long length = Layout.HEADER_BYTES + (long) Layout.GOSSIP_BYTES * gossipCount;
            for (PingExtension extension : extensions) {
                length += extension.encodedLength();
            }
            Fields.checkRange("heartbeat length", length, Integer.MAX_VALUE);
        }
    }

    /**
     * The sender declares a node failed.
     *
     * @param failed the node; any 40 bytes when decoded
     */
    record Fail(Header header, NodeId failed) implements Typed {
        public Fail {
            Objects.requireNonNull(header);
            Objects.requireNonNull(failed);
        }

        @Override
        public MessageType type() {
            return MessageType.FAIL;
        }
    }

    /**
     * A published message for the receiver's own subscribers.
     *
     * @param sharded PUBLISHSHARD instead of PUBLISH
     */
    record Publish(Header header, boolean sharded, Payload channel, Payload message)
            implements Typed {
        public Publish {
            Objects.requireNonNull(header);
            Fields.checkRange(
                    "publish length",
                    (long) channel.length() + message.length(),
                    Integer.MAX_VALUE - Layout.HEADER_BYTES - Layout.PUBLISH_CONTENTS);
        }

        @Override
        public MessageType type() {
            return sharded ? MessageType.PUBLISHSHARD : MessageType.PUBLISH;
        }
    }

    /** A replica asks for a vote in the epoch of its header. */
    record AuthRequest(Header header) implements Typed {
        public AuthRequest {
            Objects.requireNonNull(header);
        }

        @Override
        public MessageType type() {
            return MessageType.FAILOVER_AUTH_REQUEST;
        }
    }

    /** A vote for the receiver in the epoch of its header. */
    record AuthAck(Header header) implements Typed {
        public AuthAck {
            Objects.requireNonNull(header);
        }

        @Override
        public MessageType type() {
            return MessageType.FAILOVER_AUTH_ACK;
        }
    }

    /**
     * The slots a node owns, told to a peer with a stale view.
     *
     * @param configEpoch the owner's, unsigned
     * @param owner the node spoken about; any 40 bytes when decoded
     * @param slots all slots it owns, kept as a frozen set
     */
    record Update(Header header, long configEpoch, NodeId owner, SlotSet slots) implements Typed {
        public Update {
            Objects.requireNonNull(header);
            Objects.requireNonNull(owner);
            slots = slots.frozen();
        }

        @Override
        public MessageType type() {
            return MessageType.UPDATE;
        }
    }

    /** A replica asks its primary to pause writes for a manual failover. */
    record ManualFailoverStart(Header header) implements Typed {
        public ManualFailoverStart {
            Objects.requireNonNull(header);
        }

        @Override
        public MessageType type() {
            return MessageType.MFSTART;
        }
    }

    /**
     * A message between modules.
     *
     * @param moduleId the eight bytes as they travel, read big-endian; Redis sends its host order (little-endian on x86)
     * @param moduleType the module's own message type, 0..255
     */
    record Module(Header header, long moduleId, int moduleType, Payload payload) implements Typed {
        public Module {
            Objects.requireNonNull(header);
            Fields.checkRange("module message type", moduleType, 0xff);
            Fields.checkRange(
                    "module payload length",
                    payload.length(),
                    Integer.MAX_VALUE - Layout.MODULE_PAYLOAD);
        }

        @Override
        public MessageType type() {
            return MessageType.MODULE;
        }
    }

    /**
     * A message of a type this codec does not know; its header counts, its body does not (spec section 2.7).
     *
     * @param typeCode 11..32767
     * @param body everything after the header
     */
    record Unknown(Header header, int typeCode, Payload body) implements Full {
        public Unknown {
            Objects.requireNonNull(header);
            if (typeCode < MessageType.COUNT || typeCode >= MessageType.LIGHT_BIT) {
                throw new IllegalArgumentException("not an unknown message type: " + typeCode);
            }
            Fields.checkRange(
                    "body length", body.length(), Integer.MAX_VALUE - Layout.HEADER_BYTES);
        }
    }

    /**
     * A published message under Valkey's 16-byte light header: the link tells who sent it, so on a link without a known sender
     * it means nothing. Send it only to peers whose header flags hold {@link NodeFlags#LIGHT_HEADER_SUPPORTED}; a stock Redis
     * closes the link.
     *
     * @param sharded PUBLISHSHARD instead of PUBLISH
     */
    record LightPublish(boolean sharded, Payload channel, Payload message) implements BusMessage {
        public LightPublish {
            Fields.checkRange(
                    "publish length",
                    (long) channel.length() + message.length(),
                    Integer.MAX_VALUE - Layout.LIGHT_HEADER_BYTES - Layout.PUBLISH_CONTENTS);
        }

        @Override
        public int typeCode() {
            MessageType type = sharded ? MessageType.PUBLISHSHARD : MessageType.PUBLISH;
            return type.code() | MessageType.LIGHT_BIT;
        }
    }
}
