package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.HashSlot;

/**
 * What the commands of one event loop have cost each slot. The loop adds without synchronisation; readers may see a value a
 * moment old. Nothing is ever taken back: {@link SlotLoads} subtracts what it noted at a reset.
 */
final class SlotCounters {
    static final int NANOS = 0;
    static final int BYTES_IN = 1;
    static final int BYTES_OUT = 2;
    static final int KINDS = 3;

    private static final int NO_SLOT = -1;

    private final SlotLoads loads;
    /** The kinds of slot 0, then those of slot 1, ...: a command meets one line of the cache. */
    private final long[] counts = new long[KINDS * HashSlot.SLOT_COUNT];

    /** Of the command that runs: its client's transaction before it, and what had been told to streams. */
    private Transaction transaction;

    private long toldBefore;

    /** A command whose reply comes later. */
    static final class Deferred {
        private int slot = NO_SLOT;
        private long nanos;
        private long bytesIn;
        private long bytesOut;
    }

    SlotCounters(SlotLoads loads) {
        this.loads = loads;
    }

    long count(int slot, int kind) {
        return counts[KINDS * slot + kind];
    }

    /** A command of a client begins, but not one of a transaction that runs. */
    void begin(Session session) {
        transaction = session.transaction();
        toldBefore = session.worker().propagation().toldBytes();
    }

    /**
     * It was executed here. A command without keys counts nowhere; EXEC counts for the slot of what was queued, with all
     * requests of the transaction.
     *
     * @param start where its reply begins in the output
     */
    void end(Call call, boolean isExec, long tookNanos, int start) {
        int slot = call.keySlot();
        long in = call.request().wireLength();
        if (isExec && transaction != null) {
            slot = transaction.slot();
            in += transaction.wireBytes();
        }
        transaction = null;
        if (slot == NO_SLOT) {
            return;
        }
        Session session = call.session();
        long told = session.worker().propagation().toldBytes() - toldBefore;
        long out = told == 0 ? 0 : told * loads.replicaCount();
        if (session.isSuspended()) {
            Deferred deferred = session.deferredLoad();
            deferred.slot = slot;
            deferred.nanos = tookNanos;
            deferred.bytesIn = in;
            deferred.bytesOut = out;
        } else {
            add(slot, tookNanos, in, out + replyBytes(session, start));
        }
    }

    /** The reply of a command that was executed before has been written. */
    void endLate(Session session, int start) {
        Deferred deferred = session.deferredLoad();
        if (deferred.slot != NO_SLOT) {
            long out = deferred.bytesOut + replyBytes(session, start);
            add(deferred.slot, deferred.nanos, deferred.bytesIn, out);
            deferred.slot = NO_SLOT;
        }
    }

    /** A command of a transaction that runs was executed. */
    void queuedEnds(Call call, long tookNanos) {
        int slot = call.keySlot();
        if (slot != NO_SLOT) {
            counts[KINDS * slot + NANOS] += tookNanos;
        }
    }

    private static int replyBytes(Session session, int start) {
        return session.isObeyed() ? 0 : Math.max(0, session.output().writerIndex() - start);
    }

    private void add(int slot, long nanos, long in, long out) {
        counts[KINDS * slot + NANOS] += nanos;
        counts[KINDS * slot + BYTES_IN] += in;
        counts[KINDS * slot + BYTES_OUT] += out;
    }
}
