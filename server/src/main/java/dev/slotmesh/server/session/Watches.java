package dev.slotmesh.server.session;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys that one client watches. The list belongs to the client's event loop; {@code broken} is set by whoever changes
 * a watched key, under the lock of its slot, so EXEC, which holds the locks of all watched slots, reads the truth.
 */
final class Watches {
    private final Map<KeyInterest, Watch> all = new LinkedHashMap<>();
    private volatile boolean broken;

    void add(Watch watch) {
        all.put(watch.interest(), watch);
    }

    Collection<Watch> all() {
        return all.values();
    }

    boolean has(KeyInterest interest) {
        return all.containsKey(interest);
    }

    /** A watched key was changed. */
    void breakUp() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }
}
