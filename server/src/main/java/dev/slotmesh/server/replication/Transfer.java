package dev.slotmesh.server.replication;

import io.netty.buffer.ByteBuf;

/** One snapshot on its way to one replica. On the replica's thread, except where it says otherwise. */
interface Transfer extends AutoCloseable {
    /**
     * Takes up to {@code most} bytes that come next; the caller releases the buffer.
     *
     * @return null when there are none now
     */
    ByteBuf take(int most);

    /** Whether everything has been taken. */
    boolean isComplete();

    /** Whether the replica finds the end by a mark and says, by an ACK, when it has: nothing may be sent before that. */
    boolean endsByMark();

    /** Whether nothing has been taken and nothing can be yet: the snapshot is being prepared. */
    boolean isPreparing();

    /** Whether there is something to take. Any thread. */
    boolean hasMore();

    /** The replica is done with it or gone. A second call does nothing. */
    @Override
    void close();
}
