package dev.slotmesh.bus;

/**
 * Why bytes from a peer are refused, in the order a receiver checks (spec section 2.7). What it costs is part of the
 * reason: {@link #closesLink()} the link, otherwise this packet only.
 */
public enum Refusal {
    /** The first eight bytes are not the start of a message. Costs the link. */
    BAD_SIGNATURE_OR_LENGTH(true, "Bad message length or signature received from Cluster bus."),
    /** The announced length exceeds the configured limit; stock Redis has none. Costs the link. */
    OVERSIZED(true, "Message of %d bytes received from Cluster bus exceeds the limit of %d bytes"),
    /** Not exactly one frame was handed to the decoder. Costs the packet. */
    NOT_ONE_FRAME(false, "Received %d bytes of a packet of length %d"),
    /** A protocol version other than 1. Costs the packet; Redis says nothing, so {@link #isSilent()}. */
    UNSUPPORTED_VERSION(false, ""),
    /** A light header on a type that has none. Costs the packet. */
    UNSUPPORTED_LIGHT_TYPE(
            false, "Received a light %s packet, which this node does not understand"),
    /** More gossip entries announced than the packet holds. Costs the packet. */
    GOSSIP_OVERRUN(
            false,
            "Received invalid %s packet with gossip count %d that exceeds total packet length (%d)"),
    /** An extension whose length, as far as its low 16 bits tell, is 0 or not a multiple of 8. Costs the packet. */
    EXTENSION_PADDING(false, "Received a %s packet without proper padding (%d bytes)"),
    /** An extension that reaches beyond the packet. Costs the packet. */
    EXTENSION_OVERRUN(
            false,
            "Received invalid %s packet with extension data that exceeds total packet length (%d)"),
    /**
     * An extension of more than 65528 bytes. Stock Redis judges the low 16 bits alone and then walks out of the packet. Costs
     * the packet.
     */
    EXTENSION_LENGTH(false, "Received invalid %s packet with an extension of length %d"),
    /** A hostname extension whose last byte is not NUL. Costs the packet. */
    EXTENSION_TERMINATOR(
            false, "Received %s packet with missing null terminator in extension type %d"),
    /** The length is not what type, counts and inner lengths make it. Costs the packet. */
    LENGTH_MISMATCH(false, "Received invalid %s packet of length %d but expected length %d");

    private final boolean closesLink;
    private final String pattern;

    Refusal(boolean closesLink, String pattern) {
        this.closesLink = closesLink;
        this.pattern = pattern;
    }

    /** Whether the connection must be closed, because the next message's start is unknown or unaffordable. */
    public boolean closesLink() {
        return closesLink;
    }

    /** Whether nothing is logged for it. */
    public boolean isSilent() {
        return pattern.isEmpty();
    }

    /** The warning text, a {@link java.util.Formatter} pattern in Redis's words where Redis has some; empty when silent. */
    public String pattern() {
        return pattern;
    }

    String detail(Object... arguments) {
        return String.format(pattern, arguments);
    }
}
