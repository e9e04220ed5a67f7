package dev.slotmesh.server.command;

/**
 * How the few commands find their keys whose key specifications cannot find them all or do not know the flags.
 */
enum KeyRule {
    /** SET reads the old value only when asked to (GET). */
    SET(Use.ALWAYS) {
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
    BITFIELD(Use.ALWAYS) {
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
    SORT(Use.ALWAYS) {
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
                    destination = i + 1;
                }
            }
            if (destination != 0) {
                out.add(destination, KeyFlags.OW | KeyFlags.UPDATE);
            }
        }
    },

    /** SORT_RO has one key that can be known; what BY and GET read depends on its content. */
    SORT_RO(Use.ALWAYS) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            out.add(1, KeyFlags.RO | KeyFlags.ACCESS);
        }
    },

    /** MIGRATE has one key, or an empty one and a list behind KEYS; a key and a list are a mistake. */
    MIGRATE(Use.ROUTING) {
        private static final int FLAGS = KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.DELETE;

        @Override
        void collect(CommandLine line, KeyPositions out) {
            int behind = behindKeys(line);
            if (behind == 0) {
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
    GEORADIUS(Use.ROUTING) {
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
    },

    /**
     * PFMERGE without a source, which Redis allows though its specifications do not: it has its destination. (Redis finds no key
     * then, and in a cluster makes the key wherever it was asked to.)
     */
    PFMERGE(Use.ROUTING_FALLBACK) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            out.add(1, KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.INSERT);
        }
    },

    /** XREAD and XREADGROUP have as many keys as IDs behind STREAMS, which no option's value is taken for. */
    XREAD(Use.FALLBACK) {
        @Override
        void collect(CommandLine line, KeyPositions out) {
            int first = behindStreams(line);
            int left = line.count() - first;
            if (first != 0 && left % 2 == 0) {
                for (int i = first; i < first + left / 2; i++) {
                    out.add(i, 0);
                }
            }
        }

        private int behindStreams(CommandLine line) {
            for (int i = 1; i < line.count(); i++) {
                if (line.is(i, "STREAMS")) {
                    return i + 1;
                }
                if (line.is(i, "BLOCK") || line.is(i, "COUNT")) {
                    i++;
                } else if (line.is(i, "GROUP")) {
                    i += 2;
                } else if (!line.is(i, "NOACK")) {
                    return 0;
                }
            }
            return 0;
        }
    };

    /** When a rule is asked. */
    private enum Use {
        /** Instead of the key specifications. */
        ALWAYS,
        /**
         * Instead of the specifications to route a request, but after them for COMMAND GETKEYS: with two destinations they name
         * the first and the command stores in the last.
         */
        ROUTING,
        /** When the specifications do not fit the command line. */
        FALLBACK,
        /** When the specifications do not fit a request that is routed; COMMAND GETKEYS calls it invalid. */
        ROUTING_FALLBACK
    }

    private final Use use;

    KeyRule(Use use) {
        this.use = use;
    }

    /** Whether COMMAND GETKEYS goes by this rule even where the specifications fit. */
    boolean overrulesDescription() {
        return use == Use.ALWAYS;
    }

    /** Whether requests are routed by this rule even where the specifications fit. */
    boolean overrulesRouting() {
        return use == Use.ALWAYS || use == Use.ROUTING;
    }

    /** Whether COMMAND GETKEYS goes by this rule where the specifications do not fit. */
    boolean completesDescription() {
        return use != Use.ROUTING_FALLBACK;
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
            case "pfmerge" -> PFMERGE;
            case "georadius", "georadiusbymember" -> GEORADIUS;
            case "xread", "xreadgroup" -> XREAD;
            default -> null;
        };
    }
}
