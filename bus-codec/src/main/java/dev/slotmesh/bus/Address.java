package dev.slotmesh.bus;

/**
 * Where a node is announced.
 *
 * @param ip up to 46 Latin-1 characters without NUL; empty = "use the peer address of the connection". Decoded text is
 *     not checked further: it may hold anything but NUL, so check it before it reaches a file or a log
 * @param port client port (the TLS port in TLS clusters), 0..65535
 * @param plainPort plaintext client port when {@code port} is the TLS port, else 0 ({@code pport})
 * @param busPort bus port, 0..65535 ({@code cport})
 */
public record Address(String ip, int port, int plainPort, int busPort) {
    /** Largest number of characters in {@code ip}. */
    public static final int MAX_IP_LENGTH = Layout.IP_BYTES;

    public Address {
        Fields.checkText("ip", ip, MAX_IP_LENGTH);
        Fields.checkU16("port", port);
        Fields.checkU16("plaintext port", plainPort);
        Fields.checkU16("bus port", busPort);
    }
}
