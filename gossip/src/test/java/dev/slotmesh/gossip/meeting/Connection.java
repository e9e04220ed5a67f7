package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;

import java.util.ArrayDeque;

/** A TCP connection between two nodes, asked for or established. */
final class Connection {
    /** The end of the node that asked for it. */
    final End opener;
    /** The end of the node that listens. */
    final End acceptor;

    boolean established;

    Connection(int from, long link, int to) {
        opener = new End(this, from);
        acceptor = new End(this, to);
        opener.peer = acceptor;
        acceptor.peer = opener;
        opener.link = link;
        opener.open = true;
    }

    End end(int number) {
        return number == 0 ? opener : acceptor;
    }

    boolean dead() {
        return !opener.open && !acceptor.open;
    }

    /** What one process has of it. */
    static final class End {
        final Connection connection;
        /** The node whose end it is. */
        final int host;
        /** Messages under way to this end, oldest first. */
        final ArrayDeque<BusMessage> incoming = new ArrayDeque<>();

        End peer;
        long link;
        /** Whether the process still holds it. */
        boolean open;
        /** Whether the stream ends after what is under way. */
        boolean ending;

        End(Connection connection, int host) {
            this.connection = connection;
            this.host = host;
        }

        /** The process lets go: what is under way to it is lost, what it sent arrives, then the stream ends. */
        void release() {
            open = false;
            incoming.clear();
            peer.ending = true;
        }
    }
}
