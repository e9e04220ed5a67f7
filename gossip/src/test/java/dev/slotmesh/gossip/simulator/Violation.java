package dev.slotmesh.gossip.simulator;

/** A cluster did what it never may; it costs the run. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    public Violation(String message) {
        super(message);
    }

    static void unless(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new Violation(String.format(message, arguments));
        }
    }
}
