package dev.slotmesh.server.command;

/**
 * How the few commands find their keys whose key specifications cannot find them all or do not know the flags.
 */
enum KeyRule {
    /** SET reads the old value only when asked to (GET). */
    SET(true) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            int flags = KeyFlags.OW | KeyFlags.UPDATE;
            for (int i = 3; i < line.count(); i++) {
                if (line.is(i, "GET")) {
                    flags = KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.UPDATE;
                }
            }
            out.add(1, flags);
        }
    },

    /** BITFIELD only reads as long as every operation is a GET. */
    BITFIELD(true) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            int flags = KeyFlags.RO | KeyFlags.ACCESS;
            for (int i = 2; i < line.count(); i++) {
                int left = line.count() - i - 1;
                if (line.is(i, "GET") && left >= 2) {
                    i += 2;
                } else if (line.is(i, "OVERFLOW") && left >= 1) {
                    i++;
                } else {
                    flags = KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.UPDATE;
                    break;
                }
            }
            out.add(1, flags);
        }
    },

    /** SORT may store; a later STORE replaces an earlier one, and what stands after BY, GET and LIMIT is no STORE. */
    SORT(true) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            out.add(1, KeyFlags.RO | KeyFlags.ACCESS);
            int destination = 0;
            for (int i = 2; i < line.count(); i++) {
                if (line.is(i, "LIMIT")) {
                    i += 2;
                } else if (line.is(i, "GET") || line.is(i, "BY")) {
                    i++;
                } else if (line.is(i, "STORE") && i + 1 < line.count()) {
                    destination = ++i;
                }
            }
            if (destination != 0) {
                out.add(destination, KeyFlags.OW | KeyFlags.UPDATE);
            }
        }
    },

    /** SORT_RO has one key that can be known; what BY and GET read depends on its content. */
    SORT_RO(true) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            out.add(1, KeyFlags.RO | KeyFlags.ACCESS);
        }
    },

    /** MIGRATE has one key, or an empty one and a list behind KEYS; a key and a list are a mistake. */
    MIGRATE(true) {
        private static final int FLAGS = KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.DELETE;

        @Override
        void collect(CommandLine line, KeyPositions out) {
            int behind = behindKeys(line);
            if (behind == 0 || behind == line.count()) {
                out.add(3, FLAGS);
            } else if (line.isEmpty(3)) {
                for (int i = behind; i < line.count(); i++) {
                    out.add(i, FLAGS);
                }
            }
        }

        private int behindKeys(CommandLine line) {
            for (int i = 6; i < line.count(); i++) {
                if (line.is(i, "KEYS")) {
                    return i + 1;
                }
                if (line.is(i, "AUTH")) {
                    i++;
                } else if (line.is(i, "AUTH2")) {
                    i += 2;
                }
            }
            return 0;
        }
    },

    /** GEORADIUS and GEORADIUSBYMEMBER store under the key behind the last complete STORE or STOREDIST. */
    GEORADIUS(false) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            out.add(1, KeyFlags.RO | KeyFlags.ACCESS);
            int destination = 0;
            for (int i = 5; i + 1 < line.count(); i++) {
                if (line.is(i, "STORE") || line.is(i, "STOREDIST")) {
                    destination = ++i;
                }
            }
            if (destination != 0) {
                out.add(destination, KeyFlags.OW | KeyFlags.UPDATE);
            }
        }
    };

    private final boolean authority;

    KeyRule(boolean authority) {
        this.authority = authority;
    }

    /**
     * Whether COMMAND GETKEYS goes by this rule. Otherwise it goes by the specifications while they fit, although routing
     * never does: with two destinations they name the first and the command stores in the last.
     */
    boolean isAuthority() {
        return authority;
    }

    /** Adds the keys of a line whose arity is right. */
    abstract void collect(CommandLine line, KeyPositions out);

    /** The rule of the command with this full name, or null. */
    static KeyRule of(String name) {
        return switch (name) {
            case "set" -> SET;
            case "bitfield" -> BITFIELD;
            case "sort" -> SORT;
            case "sort_ro" -> SORT_RO;
            case "migrate" -> MIGRATE;
            case "georadius", "georadiusbymember" -> GEORADIUS;
            default -> null;
        };
    }
}
