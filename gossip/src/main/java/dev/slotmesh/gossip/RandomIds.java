package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;

import java.util.random.RandomGenerator;

/** Makes node IDs: 40 random hexadecimal digits. */
final class RandomIds {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private RandomIds() {}

    static NodeId next(RandomGenerator random) {
        StringBuilder text = new StringBuilder(NodeId.LENGTH_BYTES);
        while (text.length() < NodeId.LENGTH_BYTES) {
            text.append(DIGITS[random.nextInt(DIGITS.length)]);
        }
        return NodeId.parse(text);
    }
}
