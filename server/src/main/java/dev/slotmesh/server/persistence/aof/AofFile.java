package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.server.config.Words;

/**
 * One file of the append-only directory, as a line of the manifest names it.
 *
 * @param name without any directory; one character a byte
 * @param seq its number among the files of its kind, not 0
 */
record AofFile(String name, long seq, Kind kind) {

    /** What a file is; the code is the manifest's. */
    enum Kind {
        BASE('b'),
        HISTORY('h'),
        INCREMENT('i');

        private final char code;

        Kind(char code) {
            this.code = code;
        }
    }

    /** The file of the same content, which is of no use any more and may be deleted. */
    AofFile asHistory() {
        return new AofFile(name, seq, Kind.HISTORY);
    }

    /** The line of the manifest, with its end. */
    String line() {
        return "file " + (needsQuotes() ? Words.quote(name) : name) + " seq " + seq + " type "
                + kind.code + "\n";
    }

    private boolean needsQuotes() {
        return name.chars().anyMatch(c -> c <= ' ' || c >= 0x7F || c == '\\' || c == '"');
    }
}
