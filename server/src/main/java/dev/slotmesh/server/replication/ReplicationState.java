package dev.slotmesh.server.replication;

import java.security.SecureRandom;

/**
 * Whether this node is a primary or a replica, and which history its data set belongs to.
 *
 * <p>Offsets count the bytes of the replication stream. The first byte has offset 1, so {@link #offset()} is the offset of the
 * last byte written and 0 before the first; a replica that has everything asks for {@code offset() + 1} by PSYNC.
 *
 * <p>Threads: anybody reads, without a lock, and sees a consistent pair of IDs through {@link #history()}. Changes are made by
 * whoever changes the role, under the world lock, so that no write is under way; the methods exclude each other besides.
 */
public final class ReplicationState {
    /**
     * The histories a replica may go on with.
     *
     * @param id of the present history
     * @param secondId of the history before it, {@link ReplicationId#NONE} when there is none
     * @param secondOffset first offset that the second history does not cover, -1 when there is none
     */
    public record History(String id, String secondId, long secondOffset) {
        History(String id) {
            this(id, ReplicationId.NONE, -1);
        }
    }

    private final SecureRandom random;
    private final ReplicationLog log;
    private volatile boolean replica;
    private volatile History history;

    ReplicationState(SecureRandom random, ReplicationLog log) {
        this.random = random;
        this.log = log;
        this.history = new History(ReplicationId.create(random));
    }

    /** Whether this node follows a primary. */
    public boolean isReplica() {
        return replica;
    }

    /**
     * Becomes a replica, or a primary without a change of history. Needs the world lock, and then {@code CommandLog.review}, as
     * a replica's stream is that of its primary.
     */
    public synchronized void replica(boolean now) {
        replica = now;
        log.following(now);
    }

    public History history() {
        return history;
    }

    /** The present history: 40 hexadecimal digits. */
    public String replicationId() {
        return history.id();
    }

    /** Offset of the last byte of the stream, 0 when there was none. */
    public long offset() {
        return log.endOffset();
    }

    /** A new history begins, and what came before cannot be gone on with. */
    public synchronized void renew() {
        history = new History(ReplicationId.create(random));
    }

    /** A new history begins where the present one ends; replicas of the old one may go on with it. */
    public synchronized void shift() {
        history = new History(ReplicationId.create(random), history.id(), log.endOffset() + 1);
    }

    /** Takes over the history of a primary with its whole data set; nothing older can be gone on with. */
    public synchronized void adopt(String id) {
        history = new History(id);
    }

    /** The primary goes on under another ID from here on: the present one becomes the second. */
    public synchronized void follow(String id) {
        history = new History(id, history.id(), log.endOffset() + 1);
    }

    /** Restores what a file or a past role has kept. */
    public synchronized void restore(History kept) {
        history = kept;
    }
}
