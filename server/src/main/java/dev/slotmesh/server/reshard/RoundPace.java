package dev.slotmesh.server.reshard;

import java.util.concurrent.TimeUnit;

/**
 * How many keys are sent in a row before others are let through: as many as take about two milliseconds. A Redis server serves
 * nobody else meanwhile. Where the way to the target alone takes longer, a few are sent all the same.
 */
final class RoundPace {
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long UNBEARABLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int FEW = 10;
    private static final int MOST = 4096;

    private final long roundTripNanos;
    private int keys = FEW;

    /** @param roundTripNanos from here to the source and back, which keeps nobody waiting */
    RoundPace(long roundTripNanos) {
        this.roundTripNanos = roundTripNanos;
    }

    /** How many keys the next round may send, 1 to 4,096. */
    int keys() {
        return keys;
    }

    /** A round is over that has sent so many keys. */
    void took(long nanos, int sent) {
        long busyNanos = nanos - roundTripNanos;
        if (busyNanos > UNBEARABLE_NANOS) {
            keys = Math.max(1, keys / 2);
        } else if (busyNanos > LONG_NANOS) {
            keys = Math.max(Math.min(keys, FEW), keys / 2);
        } else if (busyNanos < SHORT_NANOS && sent == keys) {
            keys = Math.min(MOST, keys * 2);
        }
    }
}
