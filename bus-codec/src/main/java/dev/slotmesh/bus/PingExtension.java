package dev.slotmesh.bus;

import java.util.Objects;

/**
 * A typed block after the gossip entries of a heartbeat (spec section 2.6). Immutable; every instance fits the wire: its
 * length is a multiple of 8 in 8..65528.
 *
 * <pre>
 * 0 length u32 (whole extension)   4 type u16   6 unused u16   8 contents, padded with zeros
 * </pre>
 */
public sealed interface PingExtension {
    /** Longest text of a text extension in characters. */
    int MAX_TEXT_LENGTH = Layout.EXT_MAX_BYTES - Layout.EXT_HEADER_BYTES - 1;

    /** The wire code, 0..65535. */
    int typeCode();

    /** Bytes of the whole extension on the wire: a multiple of 8 in 8..65528. */
    int encodedLength();

    /** An extension that is one text of up to {@link #MAX_TEXT_LENGTH} Latin-1 characters without NUL. */
    sealed interface Text extends PingExtension {
        /** The text; unchecked beyond its length when it was decoded. */
        String text();

        @Override
        default int encodedLength() {
            return Layout.EXT_HEADER_BYTES + Layout.roundUpToAlignment(text().length() + 1);
        }
    }

    /** The announced host name (Redis 7.0 and later). */
    record Hostname(String text) implements Text {
        public static final int TYPE_CODE = 0;

        public Hostname {
            Fields.checkText("hostname", text, MAX_TEXT_LENGTH);
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }
    }

    /** The operator's name for the node (Redis 7.2 and later). */
    record HumanNodename(String text) implements Text {
        public static final int TYPE_CODE = 1;

        public HumanNodename {
            Fields.checkText("human nodename", text, MAX_TEXT_LENGTH);
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }
    }

    /**
     * A node the sender was told to forget (Redis 7.2 and later).
     *
     * @param id the forgotten node; any 40 bytes when decoded
     * @param ttlSeconds how long it stays forgotten, unsigned 64 bit
     */
    record ForgottenNode(NodeId id, long ttlSeconds) implements PingExtension {
        public static final int TYPE_CODE = 2;

        public ForgottenNode {
            Objects.requireNonNull(id);
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }

        @Override
        public int encodedLength() {
            return Layout.FORGOTTEN_BYTES;
        }
    }

    /** The shard the sender belongs to (Redis 7.2 and later), of the same form as a node ID. */
    record ShardId(NodeId id) implements PingExtension {
        public static final int TYPE_CODE = 3;

        public ShardId {
            Objects.requireNonNull(id);
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }

        @Override
        public int encodedLength() {
            return Layout.SHARD_BYTES;
        }
    }

    /** The IPv4 address told to clients (Valkey 8). */
    record ClientIpv4(String text) implements Text {
        public static final int TYPE_CODE = 4;

        public ClientIpv4 {
            Fields.checkText("client IPv4", text, MAX_TEXT_LENGTH);
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }
    }

    /** The IPv6 address told to clients (Valkey 8). */
    record ClientIpv6(String text) implements Text {
        public static final int TYPE_CODE = 5;

        public ClientIpv6 {
            Fields.checkText("client IPv6", text, MAX_TEXT_LENGTH);
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }
    }

    /**
     * Slots on their way to the sender, whose keys it holds apart; told by a Slotmesh primary to its Slotmesh replicas.
     *
     * @param name of the migration, of the form of a node ID; any 40 bytes when decoded, as the source
     * @param source whose the slots are
     * @param slots frozen
     */
    record ApartSlots(NodeId name, NodeId source, SlotSet slots) implements PingExtension {
        public static final int TYPE_CODE = 0x534D;

        public ApartSlots {
            Objects.requireNonNull(name);
            Objects.requireNonNull(source);
            slots = slots.frozen();
        }

        @Override
        public int typeCode() {
            return TYPE_CODE;
        }

        @Override
        public int encodedLength() {
            return Layout.APART_BYTES;
        }
    }

    /**
     * An extension of a type without a record here, or of a known type whose contents do not have that type's shape (a text
     * that does not end with NUL, a node ID of another length). Nothing is to be done with it.
     *
     * @param typeCode 0..65535
     * @param contents everything after the eight bytes of length and type; a multiple of 8 in 0..65520 bytes
     */
    record Unknown(int typeCode, Payload contents) implements PingExtension {
        public Unknown {
            Fields.checkU16("extension type", typeCode);
            Fields.checkRange(
                    "extension length",
                    contents.length(),
                    Layout.EXT_MAX_BYTES - Layout.EXT_HEADER_BYTES);
            if (contents.length() % Layout.EXT_ALIGNMENT != 0) {
                throw new IllegalArgumentException(
                        "extension contents are not a multiple of 8 bytes: " + contents.length());
            }
        }

        @Override
        public int encodedLength() {
            return Layout.EXT_HEADER_BYTES + contents.length();
        }
    }
}
