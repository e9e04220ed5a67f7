package dev.slotmesh.server.session;

/**
 * What happened to a key, as keyspace notifications name it.
 *
 * @param kind the letter of notify-keyspace-events that asks for it: g generic, $ string, l list, s set, h hash, z sorted
 *     set, t stream, x expired, e evicted, n new key, m key miss, d module
 * @param name the event, for example {@code lpush}
 */
public record KeyEvent(char kind, String name) {
    public static final KeyEvent DEL = generic("del");

    public static KeyEvent generic(String name) {
        return new KeyEvent('g', name);
    }

    public static KeyEvent string(String name) {
        return new KeyEvent('$', name);
    }

    public static KeyEvent list(String name) {
        return new KeyEvent('l', name);
    }

    public static KeyEvent set(String name) {
        return new KeyEvent('s', name);
    }

    public static KeyEvent hash(String name) {
        return new KeyEvent('h', name);
    }

    public static KeyEvent sortedSet(String name) {
        return new KeyEvent('z', name);
    }

    public static KeyEvent stream(String name) {
        return new KeyEvent('t', name);
    }
}
