package dev.slotmesh.server.reshard;

/** A way to move slots from one primary to another. */
interface Mover {
    /**
     * Moves slots until all of them have moved or the operator asks to stop; nothing is half-way then.
     *
     * @throws ReshardFailure when it cannot go on; says what is half-way
     */
    void move(Move move) throws ReshardFailure;
}
