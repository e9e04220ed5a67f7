package dev.slotmesh.bus;

import java.util.Optional;

/** The message types of the bus with their wire codes and the names Redis uses for them in INFO and in its log. */
public enum MessageType {
    PING(0, "ping"),
    PONG(1, "pong"),
    MEET(2, "meet"),
    FAIL(3, "fail"),
    PUBLISH(4, "publish"),
    FAILOVER_AUTH_REQUEST(5, "auth-req"),
    FAILOVER_AUTH_ACK(6, "auth-ack"),
    UPDATE(7, "update"),
    MFSTART(8, "mfstart"),
    MODULE(9, "module"),
    PUBLISHSHARD(10, "publishshard");

    /** Number of known types; codes are 0 to one less. */
    public static final int COUNT = 11;

    /** Bit in the type field that marks Valkey's 16-byte light header. */
    public static final int LIGHT_BIT = 0x8000;

    private static final String UNKNOWN_NAME = "unknown";
    private static final MessageType[] BY_CODE = byCode();

    private final int code;
    private final String statsName;

    MessageType(int code, String statsName) {
        this.code = code;
        this.statsName = statsName;
    }

    /** The type with this wire code, empty for unknown codes and for codes with {@link #LIGHT_BIT}. */
    public static Optional<MessageType> ofCode(int code) {
        return code >= 0 && code < COUNT ? Optional.of(BY_CODE[code]) : Optional.empty();
    }

    /** The stats name of a wire code, {@code unknown} when there is none; {@link #LIGHT_BIT} is disregarded. */
    public static String statsNameOf(int code) {
        return ofCode(code & ~LIGHT_BIT).map(MessageType::statsName).orElse(UNKNOWN_NAME);
    }

    /** The wire code, 0..10. */
    public int code() {
        return code;
    }

    /** The name in {@code cluster_stats_messages_<name>_sent} and in log lines. */
    public String statsName() {
        return statsName;
    }

    private static MessageType[] byCode() {
        MessageType[] types = new MessageType[COUNT];
        for (MessageType type : values()) {
            types[type.code] = type;
        }
        return types;
    }
}
