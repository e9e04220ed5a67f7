package dev.slotmesh.server.session;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Waiting commands over strings, so that waiting is tested without any other type: BLPOP takes a whole value away, the
 * timeout in milliseconds; BRPOPLPUSH moves it to another key. A value {@code refuse} makes them fail, {@code later} is left.
 * DEBUG answers when the test says so.
 */
final class WaitingCommands {
    private static final KeyEvent TAKEN = KeyEvent.string("taken");
    private final Queue<String> served = new ConcurrentLinkedQueue<>();
    private final Queue<Suspension> asked = new ConcurrentLinkedQueue<>();

    void bind(CommandBindings bindings) {
        bindings.bind("blpop", this::take)
                .bind("brpoplpush", this::move)
                .bind("xreadgroup", this::takeUnlessGone)
                .bind("debug", call -> asked.add(call.suspend()));
    }

    /** Answers the DEBUG that was called first of those that wait for this. */
    void answer() {
        asked.remove().resume(reply -> reply.simpleString("answered"));
    }

    /** The values given to waiting clients, in the order in which that was decided. */
    Queue<String> served() {
        return served;
    }

    private void take(Call call) {
        int last = call.count() - 1;
        for (int i = 1; i < last; i++) {
            Slot slot = call.slot(i);
            long entry = call.write(slot, i, KeyType.STRING);
            if (entry != Slot.ABSENT) {
                String value = text(slot.stringValue(entry, call.value()));
                served.add(value);
                call.reply().bulk(value);
                slot.removeEntry(entry);
                call.changed(slot, i, TAKEN);
                return;
            }
        }
        waitOrReply(
                call, new Wait(1, last - 1, KeyType.STRING, call.integer(last), true), this::take);
    }

    private boolean take(Serving serving) {
        String value = value(serving);
        if (value.equals("later")) {
            return false;
        }
        if (value.equals("refuse")) {
            throw new ErrorReply("ERR refused");
        }
        if (value.equals("break")) {
            throw new IllegalStateException("broken");
        }
        remove(serving);
        served.add(value);
        serving.reply().bulk(value);
        return true;
    }

    private void move(Call call) {
        byte[] target = call.bytes(2);
        waitOrReply(call, new Wait(1, 1, KeyType.STRING, call.integer(3), false), serving -> {
            String value = value(serving);
            remove(serving);
            ByteSpan into = serving.span(target);
            Slot slot = serving.slot(into);
            slot.putString(
                    into,
                    serving.span(value.getBytes(StandardCharsets.ISO_8859_1)),
                    Slot.NO_EXPIRY,
                    serving.nowMs());
            serving.changed(slot, into, KeyEvent.string("set"));
            serving.reply().bulk(value);
            return true;
        });
    }

    /** XREADGROUP GROUP g c STREAMS key >: waits, and minds that the key goes. */
    private void takeUnlessGone(Call call) {
        call.waitFor(new Wait(5, 1, KeyType.STRING, 0, true), new Waiter() {
            @Override
            public boolean serve(Serving serving) {
                return false;
            }

            @Override
            public ErrorReply whenGone() {
                return new ErrorReply("UNBLOCKED gone");
            }
        });
    }

    private static void waitOrReply(Call call, Wait wait, Waiter waiter) {
        if (call.mayWait()) {
            call.waitFor(wait, waiter);
        } else {
            call.reply().nullArray();
        }
    }

    private static String value(Serving serving) {
        Slot slot = serving.slot();
        return text(slot.stringValue(slot.find(serving.key(), serving.nowMs()), new ByteSpan()));
    }

    private static void remove(Serving serving) {
        serving.slot().remove(serving.key(), serving.nowMs());
        serving.changed(serving.slot(), serving.key(), TAKEN);
    }

    private static String text(ByteSpan bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
