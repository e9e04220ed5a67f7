package dev.slotmesh.gossip.meeting;

import java.util.Arrays;

/** A set of 64-bit numbers that look random, eight to sixteen bytes each. */
final class Fingerprints {
    private static final long EMPTY = 0;

    private long[] table = new long[1 << 16];
    private int size;

    int size() {
        return size;
    }

    /** Whether it was new. Zero stands for one. */
    boolean add(long fingerprint) {
        if (2 * size >= table.length) {
            grow();
        }
        return insert(fingerprint == EMPTY ? 1 : fingerprint);
    }

    private boolean insert(long fingerprint) {
        int mask = table.length - 1;
        int place = (int) fingerprint & mask;
        while (table[place] != EMPTY) {
            if (table[place] == fingerprint) {
                return false;
            }
            place = place + 1 & mask;
        }
        table[place] = fingerprint;
        size++;
        return true;
    }

    private void grow() {
        long[] old = table;
        table = new long[2 * old.length];
        size = 0;
        Arrays.stream(old).filter(each -> each != EMPTY).forEach(this::insert);
    }
}
