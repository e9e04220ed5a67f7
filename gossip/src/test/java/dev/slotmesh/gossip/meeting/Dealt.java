package dev.slotmesh.gossip.meeting;

import java.util.random.RandomGenerator;

/**
 * Draws in turn instead of at random: of n possibilities each comes up within n draws. So a random choice among a few nodes
 * is one in rotation, a state has one future per choice, and the generator's own state is a small number. Hexadecimal digits, which
 * only ids are made of, spell the number of the id: no two ids are equal.
 */
final class Dealt implements RandomGenerator {
    private static final int DIGIT_BOUND = 16;
    private static final int ID_DIGITS = 40;
    /** Divisible by all numbers of nodes there may be. */
    private static final int PERIOD = 60;

    private final int owner;
    private int turn;
    private int idsDrawn;
    private int digitsDrawn;

    /** @param owner sets the ids drawn here apart from those drawn elsewhere, 0..15 */
    Dealt(int owner) {
        this.owner = owner;
    }

    /** All that later draws depend on, but for the ids. */
    int state() {
        return turn;
    }

    @Override
    public int nextInt(int bound) {
        return bound == DIGIT_BOUND ? digit() : next() % bound;
    }

    @Override
    public long nextLong() {
        return next();
    }

    private int next() {
        turn = (turn + 1) % PERIOD;
        return turn;
    }

    private int digit() {
        int position = digitsDrawn;
        digitsDrawn = (digitsDrawn + 1) % ID_DIGITS;
        if (position == 0) {
            idsDrawn++;
            return owner;
        }
        int shift = 4 * (ID_DIGITS - 1 - position);
        return shift >= Integer.SIZE ? 0 : idsDrawn >>> shift & 15;
    }
}
