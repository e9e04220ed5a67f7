package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

/** Makes pairs of the elements it is shown: a field and its value, a member and its score. */
final class TextPairs implements TextVisitor, AutoCloseable {
    private static final int FIRST_BYTES = 128;

    /** Is shown a pair; the spans are valid for one call. */
    @FunctionalInterface
    interface PairVisitor {
        void visit(ByteSpan first, ByteSpan second);
    }

    private final NativeBuffer first = new NativeBuffer(FIRST_BYTES);
    private final PairVisitor visitor;
    private boolean half;

    TextPairs(PairVisitor visitor) {
        this.visitor = visitor;
    }

    @Override
    public void visit(ByteSpan text) {
        if (half) {
            visitor.visit(first.span(), text);
        } else {
            first.put(text);
        }
        half = !half;
    }

    /** Throws when an element was left alone. */
    void requireWhole() {
        RdbFormatException.require(!half, "half a pair");
    }

    @Override
    public void close() {
        first.close();
    }
}
