package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.BusMessage;

import java.util.Locale;
import java.util.stream.Collectors;

/** The last events of a run, kept as they are and put into words only when somebody wants to read them. */
final class Journal {
    /** {@code -Djournal=N} keeps more of them. */
    private static final int KEPT = Integer.getInteger("journal", 400);

    private final Entry[] ring = new Entry[KEPT];
    private long written;

    private static final class Entry {
        long atUs;
        SimulatedNode node;
        SimulatedNode other;
        String verb;
        Object detail;
    }

    Journal() {
        for (int i = 0; i < KEPT; i++) {
            ring[i] = new Entry();
        }
    }

    /** Node and other may be null. */
    void note(long atUs, SimulatedNode node, String verb, SimulatedNode other, Object detail) {
        Entry entry = ring[(int) (written++ % KEPT)];
        entry.atUs = atUs;
        entry.node = node;
        entry.other = other;
        entry.verb = verb;
        entry.detail = detail;
    }

    /** The same without what nodes send and hear. */
    String story() {
        return script().lines()
                .filter(line -> !line.contains(" sends to ") && !line.contains(" hears from "))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** A line per event, oldest first: milliseconds since the start, node, what it did, to whom, details. */
    String script() {
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(0, written - KEPT); i < written; i++) {
            Entry entry = ring[(int) (i % KEPT)];
            text.append(String.format(Locale.ROOT, "%12.3f ms  ", entry.atUs / 1000.0));
            text.append(entry.node == null ? "network" : entry.node.name());
            text.append(' ').append(entry.verb);
            if (entry.other != null) {
                text.append(' ').append(entry.other.name());
            }
            if (entry.detail != null) {
                text.append(": ").append(describe(entry.detail));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String describe(Object detail) {
        if (!(detail instanceof BusMessage.Typed message)) {
            return String.valueOf(detail);
        }
        String epochs = " currentEpoch " + message.header().currentEpoch() + " configEpoch "
                + message.header().configEpoch();
        if (message instanceof BusMessage.Heartbeat heartbeat) {
            return message.type() + epochs + ", tells of " + heartbeat.gossip().size();
        } else if (message instanceof BusMessage.Fail fail) {
            return message.type() + epochs + ", " + fail.failed();
        }
        return message.type() + epochs;
    }
}
