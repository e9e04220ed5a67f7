package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

/**
 * Something that happened and that an operator may want to read. {@link #text} is the log line, in Redis's words where
 * Redis has a line for it. None of them asks the driver to do anything.
 */
public interface Notice {
    /** Redis's log levels, most talkative first. */
    enum Level {
        DEBUG,
        VERBOSE,
        NOTICE,
        WARNING
    }

    /** How important it is. */
    Level level();

    /** One line without line end. */
    String text();

    /** The cluster state went to ok or fail. */
    record ClusterStateChanged(boolean ok) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "Cluster state changed: " + (ok ? "ok" : "fail");
        }
    }

    /** This node flags a peer PFAIL: no answer for longer than the node timeout. */
    record PossiblyFailing(NodeId node) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "*** NODE " + node + " possibly failing";
        }
    }

    /** A quorum of primaries reports the peer: it is FAIL. */
    record MarkedFailing(NodeId node) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Marking node " + node + " as failing (quorum reached).";
        }
    }

    /** A FAIL message flagged a peer. */
    record FailReceived(NodeId from, NodeId about) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "FAIL message received from " + from + " about " + about;
        }
    }

    /** A FAIL message of a node not in the table. */
    record FailIgnored(NodeId from, NodeId about) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Ignoring FAIL message from unknown node " + from + " about " + about;
        }
    }

    /** A primary gossips that a peer does not answer it. */
    record NodeReported(NodeId from, NodeId about) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Node " + from + " reported node " + about + " as not reachable.";
        }
    }

    /** A primary takes its report back. */
    record NodeReportedBack(NodeId from, NodeId about) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Node " + from + " reported node " + about + " is back online.";
        }
    }

    /** A FAIL peer answers again; {@code what} says why that is enough. */
    record FailCleared(NodeId node, String what) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Clear FAIL state for node " + node + ": " + what;
        }
    }

    /** A peer moved. */
    record AddressUpdated(NodeId node, String ip, int port) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Address updated for node " + node + ", now " + ip + ":" + port;
        }
    }

    /** This node learnt its own address. */
    record OwnAddressUpdated(String ip) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "IP address for this node updated to " + ip;
        }
    }

    /** A peer entered the table: learnt from gossip. */
    record NodeAdded(NodeId node, String ip, int port) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Learnt about node " + node + " at " + ip + ":" + port + " from gossip";
        }
    }

    /** A MEET came from a node not in the table. */
    record HandshakeStarted(String ip, int port, NodeId link) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Handshake started with " + ip + ":" + port + " as " + link;
        }
    }

    /** A handshake ended with a new peer. */
    record HandshakeCompleted(NodeId node) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Handshake with node " + node + " completed.";
        }
    }

    /** A handshake ended at a node that was in the table already. */
    record HandshakeKnown(NodeId node) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Handshake: we already know node " + node + ", updating the address if needed.";
        }
    }

    /** A handshake this node did not ask for got no answer in time. */
    record HandshakeExpired(String ip, int port) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Handshake with " + ip + ":" + port + " timed out";
        }
    }

    /** What became of a CLUSTER MEET; {@code node} is null when the peer never told its id. */
    record MeetEnded(String ip, int port, NodeId node, MeetOutcome outcome) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "MEET " + ip + ":" + port + ": " + outcome.text()
                    + (node == null ? "" : " (node " + node + ")");
        }
    }

    /** A peer told that a node of the table is forgotten; it goes here too. */
    record ForgottenByPeer(NodeId from, NodeId about) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Node " + from + " was told to forget node " + about + ", forgetting it too";
        }
    }

    /** A node that was forgotten sends a MEET before its time is over. */
    record MeetRefused(NodeId from) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Ignoring MEET of node " + from + ": it was forgotten. CLUSTER MEET on this node"
                    + " brings it back";
        }
    }

    /** A known node keeps no link to this one: it is met again. */
    record MeetRepeated(NodeId node) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Node " + node + " has no link to us, sending MEET again";
        }
    }

    /** Another node answers at a known address; the address is dropped. */
    record WrongNode(NodeId expected, NodeId found) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "PONG contains mismatching sender ID: expected node " + expected + ", found "
                    + found + ". Its address is dropped";
        }
    }

    /** A connection to a peer's bus port could not be made. */
    record ConnectFailed(NodeId node, String ip, int busPort, String reason) implements Notice {
        @Override
        public Level level() {
            return Level.DEBUG;
        }

        @Override
        public String text() {
            return "Unable to connect to Cluster Node [" + ip + "]:" + busPort + " (" + node
                    + ") -> " + reason;
        }
    }

    /** A host refuses connections to both ports of a node. */
    record ProcessEnded(NodeId node) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Node " + node
                    + " has ended: its host refuses connections to its bus port and its client port.";
        }
    }

    /** A link was dropped for its send buffer; {@code node} is null for an anonymous link. */
    record SendBufferExceeded(boolean outbound, NodeId node, long bytes) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "Freeing cluster link(" + (outbound ? "to" : "from") + " node "
                    + (node == null ? "" : node) + ", used memory: " + bytes
                    + ") due to exceeding send buffer memory limit.";
        }
    }

    /** Two primaries had one configEpoch; this node moved on. */
    record EpochCollision(NodeId other, long configEpoch) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "WARNING: configEpoch collision with node " + other + ". configEpoch set to "
                    + Long.toUnsignedString(configEpoch);
        }
    }

    /** This node took a new configEpoch without a vote. */
    record EpochBumped(long configEpoch) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "New configEpoch set to " + Long.toUnsignedString(configEpoch);
        }
    }

    /** The operator set this node's configEpoch. */
    record EpochSet(long configEpoch) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "configEpoch set to " + Long.toUnsignedString(configEpoch)
                    + " via CLUSTER SET-CONFIG-EPOCH";
        }
    }

    /** A slot arrived here for good. */
    record ImportFinished(int slot, long configEpoch) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "configEpoch updated after importing slot " + slot + ", now "
                    + Long.toUnsignedString(configEpoch);
        }
    }

    /** A peer claims slots another one owns with a greater epoch; it is told by UPDATE. */
    record StaleClaim(NodeId node, NodeId owner) implements Notice {
        @Override
        public Level level() {
            return Level.VERBOSE;
        }

        @Override
        public String text() {
            return "Node " + node + " has old slots configuration, sending an UPDATE message about "
                    + owner;
        }
    }

    /** An UPDATE told this node about itself. */
    record UpdateAboutMyself(NodeId from) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "Discarding UPDATE message about myself.";
        }
    }

    /** Slot claims of another node made this one its replica. */
    record FollowsNewPrimary(NodeId primary) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Configuration change detected. Reconfiguring myself as a replica of " + primary;
        }
    }

    /** The last slot went away by SETSLOT; this node follows it. */
    record LastSlotMigrated(NodeId primary) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Lost my last slot during slot migration. Reconfiguring myself as a replica of "
                    + primary;
        }
    }

    /** The primary is a replica itself; this node follows the primary of both. */
    record FollowsGrandPrimary(NodeId primary) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "I'm a sub-replica! Reconfiguring myself from my old primary to " + primary;
        }
    }

    /** Keys were found in a slot of another node; {@code owner} is null when the slot was free and is taken. */
    record KeysWithoutSlot(int slot, NodeId owner) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "I have keys for slot " + slot + ", but the slot is "
                    + (owner == null
                            ? "unassigned. Taking responsibility for it."
                            : "assigned to another node. Setting it to importing state.");
        }
    }

    /** This node started over under a new id. */
    record HardReset(NodeId myself) implements Notice {
        @Override
        public Level level() {
            return Level.NOTICE;
        }

        @Override
        public String text() {
            return "Node hard reset, now I'm " + myself;
        }
    }

    /** A packet of a type no rule knows. */
    record UnknownPacket(int type, NodeId from) implements Notice {
        @Override
        public Level level() {
            return Level.WARNING;
        }

        @Override
        public String text() {
            return "Received unknown packet type: " + type;
        }
    }

    /** A module message: this node has no modules. */
    record ModuleIgnored(NodeId from) implements Notice {
        @Override
        public Level level() {
            return Level.DEBUG;
        }

        @Override
        public String text() {
            return "Ignoring MODULE of node " + from;
        }
    }
}
