package dev.slotmesh.keyspace.memory;

/** Several byte strings handed over together: the arguments of a command. */
public interface ByteSpans {
    /** How many there are. */
    int count();

    /** The one at {@code index}, 0 to {@code count() - 1}; valid until what it views changes. */
    ByteSpan span(int index);
}
