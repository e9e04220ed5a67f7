package dev.slotmesh.server.migration;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotRange;
import dev.slotmesh.bus.SlotSet;

import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** One job as CLUSTER GETSLOTMIGRATIONS tells of it, at either end. Guarded by its monitor, a leaf. */
final class MigrationRecord {
    /** Which end this node is. */
    enum Operation {
        EXPORT,
        IMPORT
    }

    /** How far a job is. The last three are final. */
    enum State {
        CONNECTING("connecting"),
        WAITING_TO_SNAPSHOT("waiting-to-snapshot"),
        SNAPSHOTTING("snapshotting"),
        RECEIVING("receiving"),
        STREAMING("streaming"),
        PAUSED("paused"),
        HANDED_OVER("handed-over"),
        DROPPING("dropping-keys"),
        SUCCESS("success"),
        FAILED("failed"),
        CANCELLED("cancelled");

        private final String word;

        State(String word) {
            this.word = word;
        }

        boolean isFinal() {
            return compareTo(SUCCESS) >= 0;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** A job at one moment; times in milliseconds since 1970, 0 for never. */
    record Shown(
            String name,
            Operation operation,
            SlotSet slots,
            NodeId target,
            NodeId source,
            Times times,
            State state,
            String message,
            long remainingBytes) {}

    /** When things happened to a job. */
    record Times(long createdMs, long updatedMs, long acknowledgedMs) {}

    private final String name;
    private final Operation operation;
    private final SlotSet slots;
    private final NodeId target;
    private final NodeId source;
    private final long createdMs = System.currentTimeMillis();
    private long updatedMs = createdMs;
    private long acknowledgedMs;
    private State state;
    private String message = "";
    private LongSupplier remaining = () -> 0;

    /** @param peers the target, then the source */
    MigrationRecord(String name, Operation operation, SlotSet slots, NodeId... peers) {
        this.name = name;
        this.operation = operation;
        this.slots = slots.frozen();
        this.target = peers[0];
        this.source = peers[1];
        this.state = operation == Operation.EXPORT ? State.CONNECTING : State.RECEIVING;
    }

    String name() {
        return name;
    }

    Operation operation() {
        return operation;
    }

    SlotSet slots() {
        return slots;
    }

    NodeId target() {
        return target;
    }

    NodeId source() {
        return source;
    }

    synchronized State state() {
        return state;
    }

    /** Goes on to a state; a final one stays. Returns whether it was taken. */
    synchronized boolean state(State next, String why) {
        if (state.isFinal()) {
            return false;
        }
        state = next;
        message = why;
        updatedMs = System.currentTimeMillis();
        return true;
    }

    /** Says more about the state, as long as it is not final; that is no change of the state. */
    synchronized void note(String text) {
        if (!state.isFinal()) {
            message = text;
        }
    }

    /** The other end was heard. */
    synchronized void acknowledged() {
        acknowledgedMs = System.currentTimeMillis();
    }

    /** For how long the other end has not been heard, or since the job began; milliseconds. */
    synchronized long silentMs() {
        return System.currentTimeMillis() - Math.max(acknowledgedMs, createdMs);
    }

    /** What tells how many bytes the target has yet to get. */
    synchronized void remaining(LongSupplier bytes) {
        remaining = bytes;
    }

    synchronized Shown show() {
        return new Shown(
                name,
                operation,
                slots,
                target,
                source,
                new Times(createdMs, updatedMs, acknowledgedMs),
                state,
                message,
                state.isFinal() ? 0 : remaining.getAsLong());
    }

    /** {@code 0-10 20-20}: the ranges as replies have them. */
    static String ranges(SlotSet slots) {
        return slots.ranges().stream().map(MigrationRecord::text).collect(Collectors.joining(" "));
    }

    private static String text(SlotRange range) {
        return range.first() + "-" + range.last();
    }
}
