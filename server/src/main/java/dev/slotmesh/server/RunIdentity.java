package dev.slotmesh.server;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What tells this run of a node from any other.
 *
 * @param runId 40 hexadecimal digits, new at every start
 * @param pid process id
 * @param startedMs wall clock at the start, milliseconds since 1970
 */
public record RunIdentity(String runId, long pid, long startedMs) {
    private static final int ID_BYTES = 20;

    static RunIdentity create(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return new RunIdentity(
                HexFormat.of().formatHex(id),
                ProcessHandle.current().pid(),
                System.currentTimeMillis());
    }
}
