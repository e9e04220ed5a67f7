package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.ByteSpan;

/** Where an {@link RdbReader} gets its bytes from. */
@FunctionalInterface
public interface RdbSource {

    /** Fills {@code into} from its beginning, as far as it can. Returns how many bytes, 0 only at the end. */
    int read(ByteSpan into);

    /**
     * How many bytes there are in all, or -1 when that is not known. What a file says of its size is not trusted beyond it. A
     * source that knows may be read by another thread than it was given to, and ahead of what is asked for, up to its end.
     */
    default long length() {
        return -1;
    }

    /** A source of the bytes of a span, which stays as it is and must not change meanwhile. */
    static RdbSource of(ByteSpan bytes) {
        ByteSpan rest = new ByteSpan().set(bytes);
        return into -> {
            int count = Math.min(rest.length(), into.length());
            rest.copyTo(0, count, into.address());
            rest.slice(count, rest.length() - count);
            return count;
        };
    }
}
