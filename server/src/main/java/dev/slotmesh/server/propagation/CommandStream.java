package dev.slotmesh.server.propagation;

/** Where changes go: the replication stream, the append-only file. See {@link CommandLog}. */
public interface CommandStream {
    /**
     * Takes complete commands as RESP arrays. The locks of the slots they changed and the log's own are held: this may copy the
     * bytes, and nothing that takes longer. The memory is the caller's again afterwards.
     *
     * @param database the one the commands were executed in; a stream puts SELECT before them when its last was another one,
     *     0 to {@code databases - 1}, or -1 for any
     * @param address of the first byte, native memory
     * @param length bytes, 1 or more
     */
    void append(int database, long address, int length);

    /**
     * Whether the stream takes commands now. The answer changes under the world lock only, and whoever changes it calls {@link
     * CommandLog#review} before giving that lock back. A replica's replication stream is not active: it is fed with its
     * primary's own bytes.
     */
    boolean isActive();

    /** Bytes the stream has had, where that is of interest: for the replication stream, its offset. */
    default long endOffset() {
        return 0;
    }
}
