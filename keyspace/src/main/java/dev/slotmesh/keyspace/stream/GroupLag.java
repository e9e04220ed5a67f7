package dev.slotmesh.keyspace.stream;

/**
 * How far a group is: how many of the stream's entries were ever added up to the ID it was delivered last, and how many are
 * left. It can be told only while no entry deleted by itself lies between.
 */
public final class GroupLag {
    /** Instead of a lag, which a wrong count may make negative: it cannot be told. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private GroupLag() {}

    /** Entries of the stream that a group has not been delivered, or {@link #UNKNOWN}. */
    public static long of(long stream, long group) {
        long added = StreamHead.entriesAdded(stream);
        if (added == 0) {
            return 0;
        }
        long read = Groups.entriesRead(group);
        StreamId lastId = Groups.lastId(group);
        if (read == Groups.UNKNOWN_COUNT || hasDeletedFrom(stream, lastId)) {
            read = entriesUpTo(stream, lastId);
        }
        return read == Groups.UNKNOWN_COUNT ? UNKNOWN : added - read;
    }

    /** Notes that a group was delivered an entry after its last one. */
    public static void delivered(long stream, long group, long ms, long seq) {
        StreamId id = new StreamId(ms, seq);
        long read = Groups.entriesRead(group);
        if (read != Groups.UNKNOWN_COUNT && !hasDeletedFrom(stream, id)) {
            Groups.entriesRead(group, read + 1);
        } else if (StreamHead.entriesAdded(stream) != 0) {
            Groups.entriesRead(group, entriesUpTo(stream, id));
        }
        Groups.lastId(group, ms, seq);
    }

    /** How many entries were ever added up to an ID, or {@link Groups#UNKNOWN_COUNT}. */
    public static long entriesUpTo(long stream, StreamId id) {
        long added = StreamHead.entriesAdded(stream);
        if (added == 0) {
            return 0;
        }
        int toLast = id.compareTo(StreamHead.lastId(stream));
        long length = StreamHead.length(stream);
        if (toLast == 0 || (length == 0 && toLast < 0)) {
            return added;
        }
        if (toLast > 0) {
            return Groups.UNKNOWN_COUNT;
        }
        StreamId first = StreamHead.firstId(stream);
        StreamId deleted = StreamHead.maxDeletedId(stream);
        if (deleted.isZero() || deleted.isBefore(first)) {
            int toFirst = id.compareTo(first);
            if (toFirst <= 0) {
                return added - length + (toFirst == 0 ? 1 : 0);
            }
        }
        return Groups.UNKNOWN_COUNT;
    }

    private static boolean hasDeletedFrom(long stream, StreamId id) {
        StreamId deleted = StreamHead.maxDeletedId(stream);
        return StreamHead.length(stream) > 0
                && !deleted.isZero()
                && !deleted.isBefore(StreamHead.firstId(stream))
                && !deleted.isBefore(id);
    }
}
