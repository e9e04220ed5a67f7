package dev.slotmesh.server.pubsub;

import java.util.Arrays;

/** A channel's name, or a pattern's, as the key of a map: any bytes. */
final class ChannelName {
    private final byte[] bytes;
    private final int hash;

    /** @param bytes not copied and not to be changed any more */
    ChannelName(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelName that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
