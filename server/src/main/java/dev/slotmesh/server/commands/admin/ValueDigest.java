package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.stream.EntryCursor;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.resp.DoubleText;

import java.nio.charset.StandardCharsets;

/** The {@link ContentDigest} of values, the same digits as Redis's for the same content. Needs the slot's lock. */
final class ValueDigest implements AutoCloseable {
    private static final int DIGITS = 32;
    private static final byte[] EXPIRES = "!!expire!!".getBytes(StandardCharsets.US_ASCII);

    private final ContentDigest element = new ContentDigest();
    private final ByteSpan text = new ByteSpan();
    private final NativeBuffer digits = new NativeBuffer(DIGITS);

    /** Adds an entry's type, content and whether it has a deadline. */
    void add(ContentDigest digest, Slot slot, long entry, long nowMs) {
        KeyType type = slot.type(entry);
        digest.mix(code(type));
        switch (type) {
            case STRING -> digest.mix(slot.stringValue(entry, text));
            case LIST -> addList(digest, slot, entry);
            case SET -> Sets.forEach(slot, entry, member -> digest.combine(member.toByteArray()));
            case ZSET -> addSortedSet(digest, slot, entry);
            case HASH ->
                new HashWalk(slot, entry, nowMs).forEach(name -> {
                    element.clear().mix(FieldText.bytes(name, text, digits));
                    element.mix(FieldText.bytes(FieldText.valueOfName(name), text, digits));
                    digest.combine(element);
                });
            case STREAM -> addStream(digest, Streams.of(slot, entry));
        }
        if (slot.expireAt(entry) != Slot.NO_EXPIRY) {
            digest.combine(EXPIRES);
        }
    }

    @Override
    public void close() {
        digits.close();
    }

    /** Redis's number of a type; 5 are modules'. */
    private static int code(KeyType type) {
        return switch (type) {
            case STRING -> 0;
            case LIST -> 1;
            case SET -> 2;
            case ZSET -> 3;
            case HASH -> 4;
            case STREAM -> 6;
        };
    }

    private void addList(ContentDigest digest, Slot slot, long entry) {
        try (ListCursor cursor = new ListCursor()) {
            if (cursor.seek(slot.stripe(entry), Lists.list(slot, entry), 0)) {
                do {
                    digest.mix(cursor.text(text, digits));
                } while (cursor.next());
            }
        }
    }

    private void addSortedSet(ContentDigest digest, Slot slot, long entry) {
        long size = SortedSets.size(slot, entry);
        long place = SortedRanges.at(slot, entry, 0);
        for (long rank = 0; rank < size; rank++) {
            long member = SortedRanges.member(place);
            element.clear().mix(SortedMember.text(member, text, digits));
            digest.combine(element.mix(DoubleText.of(SortedMember.score(member))));
            if (rank + 1 < size) {
                place = SortedRanges.step(slot, entry, place, rank + 1, 1);
            }
        }
    }

    private void addStream(ContentDigest digest, long stream) {
        EntryCursor cursor = new EntryCursor().forward(stream, StreamId.MIN, StreamId.MAX);
        while (cursor.next()) {
            digest.mix(
                    Long.toUnsignedString(cursor.ms()) + "." + Long.toUnsignedString(cursor.seq()));
            for (int i = 0; i < 2 * cursor.fieldCount(); i++) {
                cursor.nextPart();
                digest.mix(
                        cursor.isInteger()
                                ? digits.putLong(cursor.integer())
                                : cursor.string(text));
            }
        }
    }
}
