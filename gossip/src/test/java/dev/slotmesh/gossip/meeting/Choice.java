package dev.slotmesh.gossip.meeting;

/**
 * One thing that may happen next.
 *
 * @param subject position of a connection in the world's list, or of a node, as the kind says
 * @param end for what happens at an end of a connection: 0 the one that opened it, 1 the one that accepted it
 */
record Choice(Kind kind, int subject, int end) {
    /** What may happen; the faults are limited in number on one path. */
    enum Kind {
        /** An operator's CLUSTER MEET, the next of the scenario. */
        MEET,
        /** A connection that was asked for is established. */
        CONNECT,
        /** A connection that was asked for is refused. */
        REFUSE,
        /** The oldest message under way to that end arrives. */
        DELIVER,
        /** It is lost. */
        LOSE,
        /** It arrives, and will do so once more. */
        DUPLICATE,
        /** That end reads the end of the stream. */
        HANG_UP,
        /** The connection breaks, with all that is under way on it; each end will notice at a time of its own. */
        CUT,
        /** Time goes on to the next tick of some node; with nothing under way, until a tick does something. */
        TICK,
        /** Time goes on by more than the handshake timeout, and nothing under way arrives meanwhile. */
        DELAY,
        /** The process ends and starts again from its nodes.conf. */
        RESTART
    }

    static Choice of(Kind kind) {
        return new Choice(kind, 0, 0);
    }

    static Choice of(Kind kind, int subject) {
        return new Choice(kind, subject, 0);
    }
}
