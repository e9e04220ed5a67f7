package dev.slotmesh.server.session;

import dev.slotmesh.server.config.KeyspaceEvents;

/**
 * What happened to a key, as keyspace notifications name it.
 *
 * @param kind the letter of notify-keyspace-events that asks for it: g generic, $ string, l list, s set, h hash, z sorted
 *     set, t stream, x expired, e evicted, n new key, m key miss, d module
 * @param name the event, for example {@code lpush}
 */
public record KeyEvent(char kind, String name) {
    public static final KeyEvent DEL = generic("del");
    /** A key's time has passed. */
    public static final KeyEvent EXPIRED = new KeyEvent('x', "expired");
    /** A key was taken away to make room. */
    public static final KeyEvent EVICTED = new KeyEvent('e', "evicted");
    /** A key was made that was not there before. */
    public static final KeyEvent NEW = new KeyEvent('n', "new");
    /** A key was read that is not there. */
    public static final KeyEvent MISS = new KeyEvent('m', "keymiss");

    /** Of a change that Redis tells nobody but watchers: PFCOUNT caching its estimate in the value. */
    public static final KeyEvent SILENT = new KeyEvent(' ', "");

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

    /** The bit of {@link KeyspaceEvents} that asks for it. */
    int bit() {
        return switch (kind) {
            case 'g' -> KeyspaceEvents.GENERIC;
            case '$' -> KeyspaceEvents.STRING;
            case 'l' -> KeyspaceEvents.LIST;
            case 's' -> KeyspaceEvents.SET;
            case 'h' -> KeyspaceEvents.HASH;
            case 'z' -> KeyspaceEvents.SORTED_SET;
            case 't' -> KeyspaceEvents.STREAM;
            case 'x' -> KeyspaceEvents.EXPIRED;
            case 'e' -> KeyspaceEvents.EVICTED;
            case 'n' -> KeyspaceEvents.NEW;
            case 'm' -> KeyspaceEvents.MISS;
            case 'd' -> KeyspaceEvents.MODULE;
            default -> throw new IllegalStateException("an event of kind " + kind);
        };
    }
}
