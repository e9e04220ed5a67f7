package dev.slotmesh.bus;

/** The outcome of decoding one framed packet. */
public sealed interface Decoded {
    /** The packet is valid. */
    record Message(BusMessage message) implements Decoded {}

    /**
     * The packet is dropped; the link stays open unless {@link Refusal#closesLink()}.
     *
     * @param reason why
     * @param typeCode the 16 bits of the type field, for the counters Redis keeps of dropped packets too (known types only);
     *     -1 when the packet is too short to have one
     * @param detail the warning to log; empty when the reason is silent
     */
    record Refused(Refusal reason, int typeCode, String detail) implements Decoded {}
}
