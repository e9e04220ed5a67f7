package dev.slotmesh.server.session;

/**
 * Where the bytes of a primary's commands go once they have been applied. A session that has one obeys its peer: no authentication,
 * routing, memory limit or pause keeps a command from being executed, and nothing is replied.
 *
 * <p>All methods are called on the session's event loop.
 */
public interface PrimaryStream {
    /**
     * Whether the peer is the primary no more. It changes under the world lock and is asked under a slot's, so nothing is
     * executed for a peer after the role has changed.
     */
    boolean isRevoked();

    /**
     * One or more whole commands have been applied. The locks of what they changed are held.
     *
     * @param address of the first byte, valid during the call
     * @param length in bytes, 1 or more
     * @param complete false while a transaction is being queued: its commands count as applied with its EXEC
     */
    void applied(long address, int length, boolean complete);

    /** The primary wants to be told at once how much has been applied: REPLCONF GETACK. */
    void acknowledge();

    /** What comes is no stream of commands any more: nothing may be asked for from where it is. */
    void broken();

    /** The connection is gone: what waited for the end of its transaction will not be applied. */
    void ended();
}
