package dev.slotmesh.gossip;

import java.util.Objects;

/** What an operator's request came to. */
public sealed interface OperatorResult {
    /** Redis's plain status reply. */
    Accepted OK = new Accepted("OK");

    /**
     * The request was carried out.
     *
     * @param status the status reply without its leading {@code +}, such as {@code OK} or {@code BUMPED 3}
     */
    record Accepted(String status) implements OperatorResult {
        public Accepted {
            Objects.requireNonNull(status, "status");
        }
    }

    /**
     * The answer is a number.
     *
     * @param value 0 or more
     */
    record Counted(long value) implements OperatorResult {}

    /**
     * The request was refused and changed nothing.
     *
     * @param error Redis's error text without the prefix {@code ERR }
     */
    record Rejected(String error) implements OperatorResult {
        public Rejected {
            Objects.requireNonNull(error, "error");
        }
    }
}
