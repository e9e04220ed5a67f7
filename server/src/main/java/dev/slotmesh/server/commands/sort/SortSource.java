package dev.slotmesh.server.commands.sort;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * The list, set or sorted set that is sorted, or nothing. Its elements are copied: the keys read for their weights may be
 * any.
 *
 * @param entry of one of those types, or {@link Slot#ABSENT}
 */
record SortSource(Slot slot, long entry) {
    private static final int DIGITS = 32;

    boolean isSet() {
        return entry != Slot.ABSENT && slot.type(entry) == KeyType.SET;
    }

    long size() {
        if (entry == Slot.ABSENT) {
            return 0;
        }
        return switch (slot.type(entry)) {
            case LIST -> Lists.size(slot, entry);
            case SET -> Sets.size(slot, entry);
            default -> SortedSets.size(slot, entry);
        };
    }

    /**
     * Elements in the order they have.
     *
     * @param from how many to pass over, 0 to the size
     * @param count how many to copy, 0 to what is left
     * @param backwards from the last to the first; a set has no such order
     */
    List<byte[]> elements(long from, long count, boolean backwards) {
        List<byte[]> elements = new ArrayList<>(Math.toIntExact(count));
        if (count == 0) {
            return elements;
        }
        long first = backwards ? size() - 1 - from : from;
        switch (slot.type(entry)) {
            case LIST -> readList(first, count, backwards, elements);
            case SET -> readSet(from, count, elements);
            default -> readSortedSet(first, count, backwards, elements);
        }
        return elements;
    }

    private void readList(long first, long count, boolean backwards, List<byte[]> into) {
        try (ListCursor cursor = new ListCursor();
                NativeBuffer digits = new NativeBuffer(DIGITS)) {
            ByteSpan element = new ByteSpan();
            boolean there = Lists.seek(slot, entry, first, cursor);
            while (there && into.size() < count) {
                into.add(cursor.text(element, digits).toByteArray());
                there = backwards ? cursor.previous() : cursor.next();
            }
        }
    }

    private void readSet(long from, long count, List<byte[]> into) {
        long[] passed = {0};
        Sets.forEach(slot, entry, member -> {
            if (passed[0]++ >= from && into.size() < count) {
                into.add(member.toByteArray());
            }
        });
    }

    private void readSortedSet(long first, long count, boolean backwards, List<byte[]> into) {
        try (NativeBuffer digits = new NativeBuffer(DIGITS)) {
            ByteSpan name = new ByteSpan();
            long rank = first;
            long place = SortedRanges.at(slot, entry, rank);
            while (true) {
                into.add(SortedMember.text(SortedRanges.member(place), name, digits)
                        .toByteArray());
                if (into.size() == count) {
                    return;
                }
                rank += backwards ? -1 : 1;
                place = SortedRanges.step(slot, entry, place, rank, backwards ? -1 : 1);
            }
        }
    }
}
