package dev.slotmesh.gossip;

/**
 * The cluster's clock and the versions of slot claims (cluster bus facts, section 9). All epochs are unsigned and never
 * fall in the life of a node, except by a hard reset.
 */
final class Epochs {
    private final NodeTable table;
    private final Transfers transfers;
    private final Agenda agenda;
    private final Outbox outbox;
    private long currentEpoch;
    private long lastVoteEpoch;

    Epochs(NodeTable table, Transfers transfers, Pending pending) {
        this.table = table;
        this.transfers = transfers;
        this.agenda = pending.agenda();
        this.outbox = pending.outbox();
    }

    long currentEpoch() {
        return currentEpoch;
    }

    long lastVoteEpoch() {
        return lastVoteEpoch;
    }

    /** Takes over what nodes.conf says; currentEpoch is raised to the greatest configEpoch in it. */
    void load(long storedCurrentEpoch, long storedLastVoteEpoch) {
        currentEpoch = storedCurrentEpoch;
        lastVoteEpoch = storedLastVoteEpoch;
        currentEpoch = greatest();
    }

    /** A known sender told its epochs: of itself, or of its primary when it is a replica. */
    void observe(Node sender, long senderCurrentEpoch, long senderConfigEpoch) {
        if (Long.compareUnsigned(senderCurrentEpoch, currentEpoch) > 0) {
            currentEpoch = senderCurrentEpoch;
            agenda.save();
        }
        raiseConfigEpoch(sender, senderConfigEpoch);
    }

    /** A node's slot claims got a greater version. */
    void raiseConfigEpoch(Node node, long configEpoch) {
        if (Long.compareUnsigned(configEpoch, node.configEpoch) > 0) {
            node.changeConfigEpoch(configEpoch);
            agenda.saveDurably();
        }
    }

    /**
     * Section 9.2: a greater configEpoch than anybody's, without asking. False when this node has the greatest alone, or must not
     * raise it.
     */
    boolean bump() {
        Node myself = table.myself();
        boolean greatest = myself.configEpoch != 0 && myself.configEpoch == greatest();
        if (greatest || isPinned()) {
            return false;
        }
        currentEpoch = greatest();
        step();
        outbox.notice(new Notice.EpochBumped(myself.configEpoch));
        return true;
    }

    /**
     * While slots of this node may have been claimed with an epoch it gave out, its own claims must not get a greater version: they
     * would win over that claim.
     */
    boolean isPinned() {
        return transfers.anyHandedOver();
    }

    /** The next epoch, which nobody has used as far as this node knows; the one after it is the current one from now on. */
    long reserve() {
        long reserved = greatest() + 1;
        currentEpoch = reserved + 1;
        agenda.saveDurably();
        return reserved;
    }

    /** Another node reserved that epoch. */
    void heardOfReserved(long epoch) {
        if (Long.compareUnsigned(epoch, currentEpoch) >= 0) {
            currentEpoch = epoch + 1;
            agenda.saveDurably();
        }
    }

    /** Section 11.1: the epoch of an election this node begins. Durable before anybody is asked. */
    long next() {
        currentEpoch++;
        agenda.saveDurably();
        return currentEpoch;
    }

    /** Section 11.2: this node votes in the present epoch, and in none up to it again. */
    void vote() {
        lastVoteEpoch = currentEpoch;
        agenda.saveDurably();
    }

    /** Section 11.3: this node won the election of that epoch, or reserved it. */
    void claim(long epoch) {
        raiseConfigEpoch(table.myself(), epoch);
    }

    /**
     * Section 9.3: two primaries with one configEpoch. Only the one with the smaller id moves on, so that both end apart.
     */
    void resolveCollision(Node sender, long senderConfigEpoch) {
        Node myself = table.myself();
        boolean collide = !isPinned()
                && myself.isPrimary()
                && sender.isPrimary()
                && senderConfigEpoch == myself.configEpoch
                && sender.configEpoch == myself.configEpoch;
        if (collide && myself.id.compareTo(sender.id) < 0) {
            step();
            outbox.notice(new Notice.EpochCollision(sender.id, myself.configEpoch));
        }
    }

    /** SET-CONFIG-EPOCH on a node that knows nobody. */
    void set(long configEpoch) {
        table.myself().changeConfigEpoch(configEpoch);
        if (Long.compareUnsigned(currentEpoch, configEpoch) < 0) {
            currentEpoch = configEpoch;
        }
        agenda.save();
        agenda.evaluateState();
        outbox.notice(new Notice.EpochSet(configEpoch));
    }

    /** RESET HARD. */
    void startOver() {
        currentEpoch = 0;
        lastVoteEpoch = 0;
        table.myself().changeConfigEpoch(0);
    }

    private void step() {
        currentEpoch++;
        table.myself().changeConfigEpoch(currentEpoch);
        agenda.saveDurably();
    }

    private long greatest() {
        long greatest = currentEpoch;
        for (Node node : table.all()) {
            if (Long.compareUnsigned(node.configEpoch, greatest) > 0) {
                greatest = node.configEpoch;
            }
        }
        return greatest;
    }
}
