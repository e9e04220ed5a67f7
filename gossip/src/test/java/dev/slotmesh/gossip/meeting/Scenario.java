package dev.slotmesh.gossip.meeting;

import java.util.List;

/**
 * Who is there, who is told to meet whom, and how much may go wrong.
 *
 * @param kinds a letter per node: {@code S} for the machine, {@code R} for a stock Redis
 * @param meets the operators' MEETs
 * @param past so many of them have come to a good end before the search begins, in a network that behaved; the next one begins it,
 *     each of the others happens at any time afterwards
 * @param faults how much may go wrong on one path
 * @param strict whether a stock node that lists another one is to be listed by it as well; of the machine this is asked anyway
 */
record Scenario(String kinds, List<Meet> meets, int past, Faults faults, boolean strict) {
    /** The node timeout of all nodes; the handshake timeout is the same. */
    static final long NODE_TIMEOUT_MS = 1_000;

    /** An operator tells one node to meet another one; nodes by number. */
    record Meet(int asked, int met) {}

    /**
     * Limits for one path.
     *
     * @param total faults of all kinds together
     * @param losses messages lost
     * @param duplicates messages that arrive twice
     * @param cuts connections broken or refused
     * @param delays times that everything under way is late by more than the handshake timeout
     * @param restarts processes ended and started again
     */
    record Faults(int total, int losses, int duplicates, int cuts, int delays, int restarts) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0);

        /** That many, of any kinds. */
        static Faults any(int total) {
            return new Faults(total, total, total, total, total, total);
        }
    }

    /** One MEET, of node 1 by node 0. */
    static Scenario oneMeet(String kinds, Faults faults) {
        return new Scenario(kinds, List.of(new Meet(0, 1)), 0, faults, false);
    }

    /** Both nodes are told to meet each other. */
    static Scenario bothMeet(String kinds, Faults faults) {
        return new Scenario(kinds, List.of(new Meet(0, 1), new Meet(1, 0)), 0, faults, false);
    }

    /** One node is told to meet the two others. */
    static Scenario star(String kinds, Faults faults) {
        return new Scenario(kinds, List.of(new Meet(0, 1), new Meet(0, 2)), 0, faults, false);
    }

    /** Each node but the last is told to meet the next: the first and the last get to know each other by gossip. */
    static Scenario chain(String kinds, Faults faults) {
        return new Scenario(kinds, List.of(new Meet(0, 1), new Meet(1, 2)), 0, faults, false);
    }

    /** Two members, the second of which is told to meet a third node: the first one gets to know it by gossip. */
    static Scenario third(String kinds, Faults faults) {
        return new Scenario(kinds, List.of(new Meet(0, 1), new Meet(1, 2)), 1, faults, false);
    }

    /** The same, with mutual membership asked of stock nodes too. */
    Scenario asStrict() {
        return new Scenario(kinds, meets, past, faults, true);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kinds);
        for (Meet meet : meets) {
            text.append(meets.indexOf(meet) < past ? " past " : " ")
                    .append(World.name(meet.asked()))
                    .append("->")
                    .append(World.name(meet.met()));
        }
        return text.append(", faults ").append(faults.total()).toString();
    }
}
