package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.table.ElementTable;

import java.util.random.RandomGenerator;

/**
 * A hash as it is at one moment, for walks over its fields and picks among them. Fields past their deadline are left out.
 * Valid under the slot's lock until the next write to the slot.
 */
public final class HashWalk {
    private static final int STEPS_PER_FIELD = 10;
    private static final int PICKS_BEFORE_WALK = 100;

    private final Slot slot;
    private final long entry;
    private final long address;
    private final long nowMs;

    /** @param entry of a hash in that slot */
    public HashWalk(Slot slot, long entry, long nowMs) {
        this.slot = slot;
        this.entry = entry;
        this.address = Root.address(slot.root(entry));
        this.nowMs = nowMs;
    }

    /** Visits every field: a listpack's in the order of insertion, a table's in an order of its own. */
    public void forEach(FieldVisitor visitor) {
        if (!isListpack()) {
            ElementTable.forEach(address, element -> show(element, visitor));
            return;
        }
        for (int at = Listpack.first(address);
                at != Listpack.NONE;
                at = Listpack.next(address, Listpack.next(address, at))) {
            visitor.visit(FieldText.inListpack(address + at));
        }
    }

    /** How many fields {@link #forEach} visits: counted one by one if any has a deadline. */
    public long count() {
        if (!FieldDeadlines.any(slot, entry)) {
            return Hashes.size(slot, entry);
        }
        long[] count = {0};
        forEach(name -> count[0]++);
        return count[0];
    }

    /**
     * One step of HSCAN: visits about {@code count} fields of a table, or all of a listpack. Every field present from the
     * first step to the one that returns 0 is visited at least once.
     *
     * @param cursor 0 to begin, else what the last step returned; any other value is taken as some position
     * @param count at least 1
     * @return the next cursor, 1 to 2^48 - 1, or 0 at the end
     */
    public long scan(long cursor, long count, FieldVisitor visitor) {
        if (isListpack()) {
            forEach(visitor);
            return 0;
        }
        long position = cursor & ElementTable.END - 1;
        long[] visited = {0};
        long stepsLeft =
                count > Long.MAX_VALUE / STEPS_PER_FIELD ? Long.MAX_VALUE : count * STEPS_PER_FIELD;
        do {
            position = ElementTable.scan(address, position, element -> {
                visited[0]++;
                show(element, visitor);
            });
            stepsLeft--;
        } while (position < ElementTable.END && visited[0] < count && stepsLeft > 0);
        return position == ElementTable.END ? 0 : position;
    }

    /** The {@link FieldText} of a random field's name, each equally likely; {@link Hashes#ABSENT} when there is none. */
    public long random(RandomGenerator random) {
        if (isListpack()) {
            int fields = Listpack.count(address) / 2;
            return FieldText.inListpack(
                    address + Listpack.seek(address, 2 * random.nextInt(fields)));
        }
        for (int i = 0; i < PICKS_BEFORE_WALK; i++) {
            long element = ElementTable.random(address, random);
            if (element == ElementTable.ABSENT) {
                return Hashes.ABSENT;
            }
            if (!FieldDeadlines.isDue(slot, element, nowMs)) {
                return FieldText.nameOf(element);
            }
        }
        long[] chosen = {Hashes.ABSENT, 0};
        forEach(name -> {
            if (random.nextLong(++chosen[1]) == 0) {
                chosen[0] = name;
            }
        });
        return chosen[0];
    }

    /** Visits {@code count} (0 or more) different fields, every choice equally likely; all when there are not more. */
    public void sample(long count, RandomGenerator random, FieldVisitor visitor) {
        if (!isListpack() && !FieldDeadlines.any(slot, entry)) {
            ElementTable.sample(
                    address, count, random, element -> visitor.visit(FieldText.nameOf(element)));
            return;
        }
        long[] left = {count, count()};
        forEach(name -> {
            if (left[0] > 0 && random.nextLong(left[1]--) < left[0]) {
                left[0]--;
                visitor.visit(name);
            }
        });
    }

    private boolean isListpack() {
        return Hashes.isListpack(slot, entry);
    }

    private void show(long element, FieldVisitor visitor) {
        if (!FieldDeadlines.isDue(slot, element, nowMs)) {
            visitor.visit(FieldText.nameOf(element));
        }
    }
}
