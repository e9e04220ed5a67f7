package dev.slotmesh.server.pubsub;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.KeyEventSink;

import java.nio.charset.StandardCharsets;

/** Keyspace events as messages of the channels that are named after the key, and after the event. */
public final class KeyEventMessages implements KeyEventSink {
    private final Subscriptions subscriptions;

    public KeyEventMessages(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public void event(
            int database, ByteSpan key, KeyEvent event, boolean onKeyspace, boolean onKeyevent) {
        if (subscriptions.isQuiet()) {
            return;
        }
        byte[] name = key.toByteArray();
        byte[] what = ascii(event.name());
        if (onKeyspace) {
            byte[] prefix = ascii("__keyspace@" + database + "__:");
            subscriptions.publish(joined(prefix, name), what);
        }
        if (onKeyevent) {
            byte[] prefix = ascii("__keyevent@" + database + "__:");
            subscriptions.publish(joined(prefix, what), name);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
