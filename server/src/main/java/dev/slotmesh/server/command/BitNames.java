package dev.slotmesh.server.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of the bits of a {@code long}, lowest bit first.
 *
 * @param prefix what a reply puts before each name
 * @param names one name per bit, at most 64
 * @param shown the bits that replies list
 */
record BitNames(String prefix, List<String> names, long shown) {
    /** The bit called {@code name}. Throws IllegalArgumentException if there is none. */
    long bit(String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("unknown name: " + name);
        }
        return 1L << at;
    }

    /** The prefixed names of the shown bits set in {@code bits}, lowest bit first. */
    List<String> namesOf(long bits) {
        List<String> found = new ArrayList<>(Long.bitCount(bits & shown));
        for (int i = 0; i < names.size(); i++) {
            if ((bits & shown & (1L << i)) != 0) {
                found.add(prefix + names.get(i));
            }
        }
        return found;
    }
}
