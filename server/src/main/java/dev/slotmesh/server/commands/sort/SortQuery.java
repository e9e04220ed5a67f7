package dev.slotmesh.server.commands.sort;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/** What SORT and SORT_RO ask for, as the client wrote it. */
final class SortQuery {
    private static final ErrorReply BY_IN_CLUSTER =
            new ErrorReply("ERR BY option of SORT denied in cluster mode.");
    private static final ErrorReply GET_IN_CLUSTER =
            new ErrorReply("ERR GET option of SORT denied in cluster mode.");
    private static final int FIRST_OPTION = 2;

    private final Call call;
    private final List<SortPattern> gets = new ArrayList<>();
    private boolean descending;
    private boolean alphabetic;
    private boolean unsorted;
    private SortPattern by;
    private long start;
    private long count = -1;
    private int storeKey;

    private SortQuery(Call call) {
        this.call = call;
    }

    /**
     * Reads a request.
     *
     * @param readOnly whether STORE is unknown
     * @throws ErrorReply for what Redis refuses
     */
    static SortQuery parse(Call call, boolean readOnly) {
        SortQuery query = new SortQuery(call);
        int argument = FIRST_OPTION;
        while (argument < call.count()) {
            argument += query.read(argument, call.count() - argument - 1, readOnly);
        }
        return query;
    }

    boolean descending() {
        return descending;
    }

    boolean alphabetic() {
        return alphabetic;
    }

    /** Whether the elements keep the order they have. */
    boolean unsorted() {
        return unsorted;
    }

    /** Where an element's weight comes from, null: it is its own. */
    SortPattern by() {
        return by;
    }

    /** What is answered for each element, none: the element. */
    List<SortPattern> gets() {
        return gets;
    }

    /** Elements to be left out at the beginning; may be negative, which leaves none out. */
    long start() {
        return start;
    }

    /** Most elements of the result; negative: all. */
    long count() {
        return count;
    }

    /** The argument of the key that the result is stored under, 0: it is answered. */
    int storeKey() {
        return storeKey;
    }

    /** Sorts by the elements' own bytes after all, since the order they have means nothing. */
    void sortAnyway() {
        unsorted = false;
        alphabetic = true;
        by = null;
    }

    /** Reads an option behind which {@code left} words are. Returns how many words it has. */
    private int read(int argument, int left, boolean readOnly) {
        if (call.is(argument, "ASC")) {
            descending = false;
        } else if (call.is(argument, "DESC")) {
            descending = true;
        } else if (call.is(argument, "ALPHA")) {
            alphabetic = true;
        } else if (call.is(argument, "LIMIT") && left >= 2) {
            start = call.integer(argument + 1);
            count = call.integer(argument + 2);
            return 3;
        } else if (call.is(argument, "STORE") && left >= 1 && !readOnly) {
            storeKey = argument + 1;
            return 2;
        } else if (call.is(argument, "BY") && left >= 1) {
            readBy(call.bytes(argument + 1));
            return 2;
        } else if (call.is(argument, "GET") && left >= 1) {
            if (call.clusterEnabled()) {
                throw GET_IN_CLUSTER;
            }
            gets.add(SortPattern.of(call.bytes(argument + 1)));
            return 2;
        } else {
            throw ErrorReply.SYNTAX;
        }
        return 1;
    }

    private void readBy(byte[] pattern) {
        by = SortPattern.of(pattern);
        if (!SortPattern.hasStar(pattern)) {
            unsorted = true;
        } else if (call.clusterEnabled()) {
            throw BY_IN_CLUSTER;
        }
    }
}
