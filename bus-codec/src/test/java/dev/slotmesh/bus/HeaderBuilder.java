package dev.slotmesh.bus;

/** A header in steps: a primary without slots, ok, all counters 0, unless told otherwise. */
final class HeaderBuilder {
    private final NodeId sender;
    private int port = 7000;
    private String ip = "";
    private SlotSet slots = SlotSet.none();
    private NodeId primary = NodeId.NONE;
    private long currentEpoch;
    private long configEpoch;
    private long offset;
    private int flags = NodeFlags.PRIMARY | NodeFlags.MYSELF;
    private int state;
    private int messageFlags;

    HeaderBuilder(NodeId sender) {
        this.sender = sender;
    }

    /** The client port; the bus port is 10000 higher. */
    HeaderBuilder port(int value) {
        port = value;
        return this;
    }

    HeaderBuilder ip(String value) {
        ip = value;
        return this;
    }

    HeaderBuilder slots(SlotSet value) {
        slots = value;
        return this;
    }

    HeaderBuilder follows(NodeId value) {
        primary = value;
        return this;
    }

    HeaderBuilder epochs(long current, long config) {
        currentEpoch = current;
        configEpoch = config;
        return this;
    }

    HeaderBuilder offset(long value) {
        offset = value;
        return this;
    }

    HeaderBuilder flags(int value) {
        flags = value;
        return this;
    }

    HeaderBuilder state(int value) {
        state = value;
        return this;
    }

    HeaderBuilder messageFlags(int value) {
        messageFlags = value;
        return this;
    }

    Header build() {
        return new Header(
                sender,
                new Header.Claim(primary, slots),
                new Header.Progress(currentEpoch, configEpoch, offset),
                new Address(ip, port, 0, port + 10000),
                new Header.Flags(flags, state, messageFlags));
    }
}
