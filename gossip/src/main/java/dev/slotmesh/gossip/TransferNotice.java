package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

/** What happens to slots that move in one step. */
public sealed interface TransferNotice extends Notice {
    @Override
    default Level level() {
        return Level.NOTICE;
    }

    /** The target may claim the slots from now on. */
    record HandedOver(String name, NodeId target, long epoch) implements TransferNotice {
        @Override
        public String text() {
            return "Slot migration " + name + ": slots handed over to " + target + " for epoch "
                    + Long.toUnsignedString(epoch);
        }
    }

    /** Slots do not leave any more, or have left. */
    record ExportEnded(String name, String why) implements TransferNotice {
        @Override
        public String text() {
            return "Slot migration " + name + ": export ended, " + why;
        }
    }

    /** This node owns the slots from now on. */
    record Claimed(String name, int slots, NodeId source, long epoch) implements TransferNotice {
        @Override
        public String text() {
            return "Slot migration " + name + ": " + slots + " slots claimed from " + source
                    + ". configEpoch set to " + Long.toUnsignedString(epoch);
        }
    }

    /** This node never will own the slots by this migration. */
    record ImportAbandoned(String name, String why) implements TransferNotice {
        @Override
        public String text() {
            return "Slot migration " + name + ": import abandoned, " + why;
        }
    }
}
