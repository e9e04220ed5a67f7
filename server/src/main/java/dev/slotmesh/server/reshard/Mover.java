package dev.slotmesh.server.reshard;

import java.util.List;

/** A way to move slots from one primary to another. */
interface Mover {
    /**
     * Carries out moves until all slots have moved or the operator asks to stop; nothing is half-way then.
     *
     * @throws ReshardFailure when it cannot go on; says what is half-way
     */
    void move(List<Move> moves) throws ReshardFailure;
}
