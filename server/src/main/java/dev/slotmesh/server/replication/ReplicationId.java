package dev.slotmesh.server.replication;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The name of one history of writes: 40 lower-case hexadecimal digits. */
public final class ReplicationId {
    /** The name of no history. */
    public static final String NONE = "0".repeat(40);

    private static final int BYTES = 20;

    private ReplicationId() {}

    /** A name that no other history has. */
    public static String create(SecureRandom random) {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
