package dev.slotmesh.server.reshard;

import dev.slotmesh.resp.Reply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends the keys of open slots from the source to the target, in rounds: several MIGRATEs in a row, of one or several slots, then
 * their replies. A stock source serves nobody else meanwhile, so {@link RoundPace} keeps the rounds short. For one thread.
 */
final class KeyDrain {
    private static final String NAMES_AT_ONCE = "1000";
    private static final int PINGS = 5;
    private static final int MOST_FAILURES = 3;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** The link to the target broke: what was on its way may be over there or not. */
    private static final String LINK_BROKE = "IOERR";
    /** The source cannot let go of keys at the moment. */
    private static final String LATER = "TRYAGAIN";

    private static final String NAME_TAKEN = "BUSYKEY";

    private final NodeConnection source;
    private final Address target;
    private final KeySettings settings;
    private final Progress progress;
    private final List<String> login;
    private final RoundPace pace;
    private int failures;
    /** After a broken link, keys at the target may be copies from before: nobody else can write keys that are still here. */
    private boolean overwrites;

    /** A slot and the names of its keys that were read and not yet sent. */
    private record OpenKeys(int slot, Deque<byte[]> names) {}

    /** What was asked in a round: MIGRATE of keys, or names when there are none. */
    private record Asked(OpenKeys of, List<byte[]> keys) {}

    KeyDrain(
            NodeConnection source,
            Member target,
            Credentials credentials,
            KeySettings settings,
            Progress progress)
            throws ReshardFailure {
        this.source = source;
        this.target = target.address();
        this.settings = settings;
        this.progress = progress;
        this.login = credentials.ofMigrate();
        this.overwrites = settings.replace();
        this.pace = new RoundPace(roundTripNanos());
    }

    private long roundTripNanos() throws ReshardFailure {
        long fastest = Long.MAX_VALUE;
        for (int ping = 0; ping < PINGS; ping++) {
            long start = System.nanoTime();
            source.call("PING");
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest;
    }

    /** Returns when the source has no key left in these slots, which are open at both ends. */
    void empty(BitSet slots) throws ReshardFailure {
        Deque<OpenKeys> open = new ArrayDeque<>();
        slots.stream().forEach(slot -> open.add(new OpenKeys(slot, new ArrayDeque<>())));
        while (!open.isEmpty()) {
            long start = System.nanoTime();
            List<Asked> round = ask(open);
            List<Reply> replies = source.exchange();
            long tookNanos = System.nanoTime() - start;
            int sent = 0;
            for (int at = 0; at < round.size(); at++) {
                Asked asked = round.get(at);
                sent += asked.keys().size();
                if (asked.keys().isEmpty()) {
                    takeNames(asked.of(), replies.get(at), open);
                } else {
                    takeOutcome(asked, replies.get(at));
                }
            }
            pace.took(tookNanos, sent);
            progress.show();
        }
    }

    /** Asks for names where none are left to send, also right behind the last MIGRATE: commands are carried out in order. */
    private List<Asked> ask(Deque<OpenKeys> open) {
        List<Asked> round = new ArrayList<>();
        int left = pace.keys();
        for (OpenKeys one : open) {
            while (left > 0 && !one.names().isEmpty()) {
                List<byte[]> keys = take(one.names(), Math.min(left, settings.keysAtOnce()));
                source.add(migration(), keys);
                round.add(new Asked(one, keys));
                left -= keys.size();
            }
            if (one.names().isEmpty()) {
                source.add("CLUSTER", "GETKEYSINSLOT", Integer.toString(one.slot()), NAMES_AT_ONCE);
                round.add(new Asked(one, List.of()));
            }
        }
        return round;
    }

    private List<String> migration() {
        List<String> words = new ArrayList<>(List.of(
                "MIGRATE",
                target.host(),
                Integer.toString(target.port()),
                "",
                "0",
                Integer.toString(settings.timeoutMs())));
        if (overwrites) {
            words.add("REPLACE");
        }
        words.addAll(login);
        words.add("KEYS");
        return words;
    }

    private static List<byte[]> take(Deque<byte[]> names, int most) {
        List<byte[]> taken = new ArrayList<>(Math.min(most, names.size()));
        while (taken.size() < most && !names.isEmpty()) {
            taken.add(names.remove());
        }
        return taken;
    }

    private void takeNames(OpenKeys of, Reply reply, Deque<OpenKeys> open) throws ReshardFailure {
        if (!(reply instanceof Reply.Array names)) {
            throw new ReshardFailure(source.address() + " answers GETKEYSINSLOT with: " + reply);
        }
        for (Reply name : names.elements()) {
            if (!(name instanceof Reply.Bulk bulk)) {
                throw new ReshardFailure(source.address() + " has a key named " + name);
            }
            of.names().add(bulk.bytes());
        }
        if (of.names().isEmpty()) {
            open.remove(of);
        }
    }

    /** Keys that could not be sent are found again by the next GETKEYSINSLOT, as they are still there. */
    private void takeOutcome(Asked asked, Reply reply) throws ReshardFailure {
        if (!(reply instanceof Reply.SimpleError error)) {
            failures = 0;
            progress.keysMoved(asked.keys().size());
            return;
        }
        boolean isPassing = error.text().startsWith(LINK_BROKE) || error.text().startsWith(LATER);
        if (!isPassing || ++failures > mostFailures(error.text())) {
            String advice = error.text().contains(NAME_TAKEN)
                    ? "\nThe target has keys of that slot already; --replace overwrites them with the source's."
                    : "";
            throw new ReshardFailure(
                    source.address() + " answers MIGRATE with: " + error.text() + advice);
        }
        overwrites |= error.text().startsWith(LINK_BROKE);
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private long mostFailures(String error) {
        return error.startsWith(LATER)
                ? TimeUnit.MILLISECONDS.toNanos(settings.timeoutMs()) / PAUSE_NANOS
                : MOST_FAILURES;
    }
}
