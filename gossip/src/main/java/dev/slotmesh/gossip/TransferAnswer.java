package dev.slotmesh.gossip;

import java.util.Objects;

/** What came of a step of {@link SlotTransfers}. */
public sealed interface TransferAnswer {
    /** The step was carried out, and what it changed is saved. */
    Done DONE = new Done(0);

    /** Nothing speaks against it, but it cannot be carried out yet: ask again a few milliseconds later. */
    NotYet NOT_YET = new NotYet();

    /**
     * The step was carried out, and what it changed is saved.
     *
     * @param epoch what {@link SlotTransfers#prepareImport} reserved, unsigned; 0 for all other steps
     */
    record Done(long epoch) implements TransferAnswer {}

    /** See {@link #NOT_YET}. */
    record NotYet() implements TransferAnswer {}

    /**
     * The step was refused.
     *
     * @param error an error text without the prefix {@code ERR }
     */
    record Refused(String error) implements TransferAnswer {
        public Refused {
            Objects.requireNonNull(error, "error");
        }
    }
}
