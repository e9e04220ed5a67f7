package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;

/** DEBUG DIGEST and DIGEST-VALUE. */
final class DebugDigests {
    /** A time that lets keys be seen whose own has passed, as DEBUG does. */
    private static final long EXPIRED_TOO = 0;

    private static final int FIRST_KEY = 2;

    private DebugDigests() {}

    /** The digest of all databases, taken under the world lock, keys apart included: replicas have them. */
    static void dataset(Call call) {
        ContentDigest all = new ContentDigest();
        call.underWorldLock(() -> {
            Keyspace keyspace = call.keyspace();
            for (int number = 0; number < keyspace.databaseCount(); number++) {
                if (keyspace.database(number).storedKeyCount() > 0) {
                    addDatabase(all, keyspace.database(number), call.nowMs());
                }
            }
        });
        call.reply().simpleString(all.text());
    }

    private static void addDatabase(ContentDigest all, Database database, long nowMs) {
        ContentDigest one = new ContentDigest();
        ByteSpan key = new ByteSpan();
        all.mix(database.number());
        try (ValueDigest values = new ValueDigest()) {
            for (int number = 0; number < HashSlot.SLOT_COUNT; number++) {
                if (database.keyCount(number) > 0) {
                    database.slot(number).forEach(EXPIRED_TOO, (slot, entry) -> {
                        one.clear().mix(slot.key(entry, key));
                        values.add(one, slot, entry, nowMs);
                        all.combine(one);
                    });
                }
            }
        }
    }

    /** A digest for each key, all zeros for one that is absent. The keys may be of any slots. */
    static void values(Call call) {
        SlotLocks locks = call.keyspace().locks();
        ContentDigest digest = new ContentDigest();
        call.reply().array(call.count() - FIRST_KEY);
        try (ValueDigest values = new ValueDigest()) {
            for (int i = FIRST_KEY; i < call.count(); i++) {
                int number = HashSlot.of(call.span(i));
                locks.lock(number);
                try {
                    Slot slot = call.database().slot(number);
                    long entry = slot.peek(call.span(i), EXPIRED_TOO);
                    digest.clear();
                    if (entry != Slot.ABSENT) {
                        values.add(digest, slot, entry, call.nowMs());
                    }
                } finally {
                    locks.unlock(number);
                }
                call.reply().simpleString(digest.text());
            }
        }
    }
}
