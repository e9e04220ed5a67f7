package dev.slotmesh.keyspace.hyperloglog;

import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * How many different elements registers have seen, estimated from how many of them hold each rank. The estimator is the
 * improved raw one of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6; the
 * order of its floating-point operations is kept, so that the result agrees with Redis to the digit.
 */
public final class CardinalityEstimate {
    /** Instead of an estimate: the sparse registers are corrupt. */
    public static final long CORRUPT = -1;

    /** 1 / (2 ln 2), the limit of the bias correction for many registers. */
    private static final double ALPHA = 0.721347520444481703680;

    private static final int RANKS = 64;
    private static final int HIGHEST_RANK = ElementHash.HIGHEST_RANK;
    private static final double M = HyperLogLogHeader.REGISTERS;

    private CardinalityEstimate() {}

    /** The estimate of a valid HyperLogLog, or {@link #CORRUPT}. */
    public static long of(ByteSpan value) {
        int[] histogram = new int[RANKS];
        if (!HyperLogLogHeader.isSparse(value)) {
            DenseRegisters.count(value, histogram);
        } else if (!SparseRegisters.count(value, histogram)) {
            return CORRUPT;
        }
        return of(histogram);
    }

    /** The estimate of registers, each 0 to 63. */
    public static long of(byte[] ranks) {
        int[] histogram = new int[RANKS];
        for (byte rank : ranks) {
            histogram[rank]++;
        }
        return of(histogram);
    }

    private static long of(int[] histogram) {
        double sum = M * tau((M - histogram[HIGHEST_RANK]) / M);
        for (int rank = HIGHEST_RANK - 1; rank >= 1; rank--) {
            sum = (sum + histogram[rank]) * 0.5;
        }
        sum += M * sigma(histogram[0] / M);
        double estimate = ALPHA * M * M / sum;
        // Bytes that a client made up can mean more than 64 bits; Redis' rounding then gives the
        // lowest number.
        return estimate >= 0x1p63 ? Long.MIN_VALUE : Math.round(estimate);
    }

    /** The part of registers that are still zero; infinite when all are. */
    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double power = share;
        double weight = 1;
        double sum = share;
        double before;
        do {
            power *= power;
            before = sum;
            sum += power * weight;
            weight += weight;
        } while (sum != before);
        return sum;
    }

    /** The part of registers that cannot rise any more. */
    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double root = share;
        double weight = 1;
        double rest = 1 - share;
        double before;
        do {
            root = Math.sqrt(root);
            before = rest;
            weight *= 0.5;
            double gap = 1 - root;
            rest -= gap * gap * weight;
        } while (rest != before);
        return rest / 3;
    }
}
