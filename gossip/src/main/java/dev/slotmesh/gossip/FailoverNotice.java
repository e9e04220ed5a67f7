package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

/** What happens on the way from a failed or leaving primary to its successor. */
public sealed interface FailoverNotice extends Notice {
    @Override
    default Level level() {
        return Level.WARNING;
    }

    /** This replica will ask for votes. */
    record ElectionScheduled(long delayMs, int rank, long offset) implements FailoverNotice {
        @Override
        public String text() {
            return "Start of election delayed for " + delayMs + " milliseconds (rank #" + rank
                    + ", offset " + offset + ").";
        }
    }

    /** A sibling turned out to be further. */
    record RankChanged(int rank) implements FailoverNotice {
        @Override
        public String text() {
            return "Replica rank updated to #" + rank + ".";
        }
    }

    /** This replica asks for votes. */
    record ElectionStarted(long epoch) implements FailoverNotice {
        @Override
        public String text() {
            return "Starting a failover election for epoch " + Long.toUnsignedString(epoch) + ".";
        }
    }

    /** The time for votes is over. */
    record ElectionExpired(long epoch, int votes, int needed) implements FailoverNotice {
        @Override
        public String text() {
            return "Failover attempt expired: " + votes + " of " + needed
                    + " votes needed in epoch " + Long.toUnsignedString(epoch) + ".";
        }
    }

    /** A majority voted for this replica, or an operator told it to take over without one. */
    record ElectionWon(long configEpoch) implements FailoverNotice {
        @Override
        public String text() {
            return "Failover election won: I'm the new master. configEpoch set to "
                    + Long.toUnsignedString(configEpoch) + " after successful failover";
        }
    }

    /** This replica does not stand for election though its primary failed. */
    record CannotFailOver(String reason) implements FailoverNotice {
        @Override
        public String text() {
            return "Currently unable to failover: " + reason;
        }
    }

    /** This primary votes. */
    record VoteGranted(NodeId candidate, long epoch) implements FailoverNotice {
        @Override
        public String text() {
            return "Failover auth granted to " + candidate + " for epoch "
                    + Long.toUnsignedString(epoch);
        }
    }

    /** This primary does not vote for a candidate. */
    record VoteDenied(NodeId candidate, String reason) implements FailoverNotice {
        @Override
        public String text() {
            return "Failover auth denied to " + candidate + ": " + reason;
        }
    }

    /** An operator told this replica to take over. */
    record ManualFailoverAccepted(ManualFailover.Kind kind) implements FailoverNotice {
        @Override
        public String text() {
            return switch (kind) {
                case AGREED -> "Manual failover user request accepted.";
                case FORCE -> "Forced failover user request accepted.";
                case TAKEOVER -> "Taking over the master (user request).";
            };
        }
    }

    /** A replica asks this primary to let it take over. */
    record ManualFailoverRequested(NodeId replica) implements FailoverNotice {
        @Override
        public String text() {
            return "Manual failover requested by replica " + replica + ".";
        }
    }

    /** The primary's writes stand still at this offset. */
    record PausedOffsetReceived(long offset) implements FailoverNotice {
        @Override
        public String text() {
            return "Received replication offset for paused master manual failover: " + offset;
        }
    }

    /** This replica has everything its primary had. */
    record CaughtUp() implements FailoverNotice {
        @Override
        public String text() {
            return "All master replication stream processed, manual failover can start.";
        }
    }

    /** Manual failover took too long; writes go on. */
    record ManualFailoverTimedOut() implements FailoverNotice {
        @Override
        public String text() {
            return "Manual failover timed out.";
        }
    }

    /** This replica moves to a primary that has none. */
    record Migrating(NodeId primary) implements FailoverNotice {
        @Override
        public String text() {
            return "Migrating to orphaned master " + primary;
        }
    }
}
