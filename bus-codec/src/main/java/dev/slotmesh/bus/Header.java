package dev.slotmesh.bus;

import java.util.Objects;

/**
 * What a full message says about its sender: the 2256-byte header without signature, version, lengths, type and counts,
 * which follow from the message. Immutable.
 *
 * @param sender node ID of the sender as claimed; any 40 bytes when decoded (see {@link NodeId#isWellFormed()})
 * @param claim whom it follows and which slots it claims
 * @param progress its epochs and replication offset
 * @param address where it says it is reachable
 * @param flags its node flags, cluster state and message flags
 */
public record Header(NodeId sender, Claim claim, Progress progress, Address address, Flags flags) {
    public Header {
        Objects.requireNonNull(sender);
        Objects.requireNonNull(claim);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(address);
        Objects.requireNonNull(flags);
    }

    /** The primary the sender follows ({@code slaveof}), {@link NodeId#NONE} when it is a primary. */
    public NodeId primary() {
        return claim.primary();
    }

    /** The claimed slots, frozen; of a replica with known primary those of its primary. */
    public SlotSet slots() {
        return claim.slots();
    }

    /** The sender's currentEpoch, unsigned. */
    public long currentEpoch() {
        return progress.currentEpoch();
    }

    /** The sender's configEpoch, of a replica with known primary that of its primary; unsigned. */
    public long configEpoch() {
        return progress.configEpoch();
    }

    /** The replication offset, unsigned. */
    public long replicationOffset() {
        return progress.replicationOffset();
    }

    /** The node flags, see {@link NodeFlags}. */
    public int nodeFlags() {
        return flags.node();
    }

    /** The message flags, see {@link MessageFlags}. */
    public int messageFlags() {
        return flags.message();
    }

    /** The same header with {@code messageFlags} in place of its own. */
    public Header withMessageFlags(int messageFlags) {
        return messageFlags == flags.message()
                ? this
                : new Header(
                        sender,
                        claim,
                        progress,
                        address,
                        new Flags(flags.node(), flags.state(), messageFlags));
    }

    /**
     * Whom the sender follows and which slots it claims.
     *
     * @param primary {@link NodeId#NONE} for a primary; this, not the flags, decides the role a receiver records
     * @param slots kept as a frozen set: a changeable argument is copied
     */
    public record Claim(NodeId primary, SlotSet slots) {
        public Claim {
            Objects.requireNonNull(primary);
            slots = slots.frozen();
        }
    }

    /**
     * The sender's counters, all unsigned 64 bit.
     *
     * @param currentEpoch the highest epoch it has seen
     * @param configEpoch the epoch of the slot claim
     * @param replicationOffset of a primary what it has produced, of a replica what it has processed; 0 if unknown
     */
    public record Progress(long currentEpoch, long configEpoch, long replicationOffset) {}

    /**
     * Flags and state.
     *
     * @param node {@link NodeFlags}, 0..65535
     * @param state 0 = cluster ok, 1 = fail, in the sender's view; 0..255, receivers ignore it
     * @param message {@link MessageFlags}, 0..0xffffff
     */
    public record Flags(int node, int state, int message) {
        public static final int STATE_OK = 0;
        public static final int STATE_FAIL = 1;

        public Flags {
            Fields.checkU16("node flags", node);
            Fields.checkRange("state", state, 0xff);
            Fields.checkRange("message flags", message, 0xffffff);
        }
    }
}
