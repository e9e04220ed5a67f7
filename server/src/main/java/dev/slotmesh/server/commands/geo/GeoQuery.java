package dev.slotmesh.server.commands.geo;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * What a search over an area asks for. Mistakes are found in the order of Redis; what refers to the key that is searched is
 * not looked at when there is none.
 */
final class GeoQuery {
    private static final ErrorReply NO_MEMBER =
            new ErrorReply("ERR could not decode requested zset member");
    private static final ErrorReply COUNT = new ErrorReply("ERR COUNT must be > 0");
    private static final ErrorReply ANY_WITHOUT_COUNT =
            new ErrorReply("ERR the ANY argument requires COUNT argument");

    private final Call call;
    private final GeoForm form;
    private final Slot slot;
    private final long entry;
    private GeoPosition centre = GeoPosition.ORIGIN;
    private GeoShape shape = new GeoShape.Circle(GeoPosition.ORIGIN, 0, GeoUnit.M);
    private boolean fromMember;
    private boolean fromPosition;
    private boolean byRadius;
    private boolean byBox;
    private boolean withDistance;
    private boolean withHash;
    private boolean withCoordinates;
    private boolean any;
    private boolean storesDistance;
    private GeoOrder order = GeoOrder.NONE;
    private long count;
    private int storeKey;

    private GeoQuery(Call call, GeoForm form, Slot slot, long entry) {
        this.call = call;
        this.form = form;
        this.slot = slot;
        this.entry = entry;
        this.storeKey = form == GeoForm.SEARCH_STORE ? 1 : 0;
    }

    /**
     * Reads a request.
     *
     * @param entry the sorted set that is searched, or {@link Slot#ABSENT}
     * @throws ErrorReply for what Redis refuses
     */
    static GeoQuery parse(Call call, GeoForm form, Slot slot, long entry) {
        GeoQuery query = new GeoQuery(call, form, slot, entry);
        query.readArea();
        int argument = form.firstOption();
        while (argument < call.count()) {
            int taken = query.readReplyOption(argument);
            if (taken == 0) {
                taken = form.isSearch()
                        ? query.readSearchOption(argument)
                        : query.readStoreOption(argument);
            }
            if (taken == 0) {
                throw ErrorReply.SYNTAX;
            }
            argument += taken;
        }
        query.check();
        return query;
    }

    /** The area; meaningless when there is nothing to be searched. */
    GeoShape shape() {
        return shape.around(centre);
    }

    boolean withDistance() {
        return withDistance;
    }

    boolean withHash() {
        return withHash;
    }

    boolean withCoordinates() {
        return withCoordinates;
    }

    /** How many of a member's name, distance, hash and position are answered. */
    int partsAMember() {
        return 1 + (withDistance ? 1 : 0) + (withHash ? 1 : 0) + (withCoordinates ? 1 : 0);
    }

    /** Most members of the result, 0: all. */
    long count() {
        return count;
    }

    /** After how many members to stop looking, 0: never. */
    long enough() {
        return any ? count : 0;
    }

    GeoOrder order() {
        return order;
    }

    /** The argument of the key that the result is stored under, 0: it is answered. */
    int storeKey() {
        return storeKey;
    }

    /** Whether distances are stored as scores, not positions. */
    boolean storesDistance() {
        return storesDistance;
    }

    private void readArea() {
        if (form.isSearch()) {
            return;
        }
        if (!form.isByMember()) {
            centre = GeoArguments.position(call, 2);
            shape = GeoArguments.circle(call, form.firstOption() - 2);
        } else if (entry != Slot.ABSENT) {
            centre = member(2);
            shape = GeoArguments.circle(call, form.firstOption() - 2);
        }
    }

    private GeoPosition member(int argument) {
        long member = SortedSets.find(slot, entry, call.span(argument));
        if (member == SortedMember.ABSENT) {
            throw NO_MEMBER;
        }
        return GeoPosition.of(SortedMember.score(member));
    }

    /** Reads an option that every form takes. Returns how many words it has, 0 when it is none. */
    private int readReplyOption(int argument) {
        if (call.is(argument, "WITHDIST")) {
            withDistance = true;
        } else if (call.is(argument, "WITHHASH")) {
            withHash = true;
        } else if (call.is(argument, "WITHCOORD")) {
            withCoordinates = true;
        } else if (call.is(argument, "ANY")) {
            any = true;
        } else if (call.is(argument, "ASC")) {
            order = GeoOrder.NEAREST_FIRST;
        } else if (call.is(argument, "DESC")) {
            order = GeoOrder.FARTHEST_FIRST;
        } else if (call.is(argument, "COUNT") && isFollowedBy(1, argument)) {
            count = call.integer(argument + 1);
            if (count <= 0) {
                throw COUNT;
            }
            return 2;
        } else {
            return 0;
        }
        return 1;
    }

    private int readStoreOption(int argument) {
        boolean distance = call.is(argument, "STOREDIST");
        if (!form.takesStore()
                || !isFollowedBy(1, argument)
                || !(distance || call.is(argument, "STORE"))) {
            return 0;
        }
        storeKey = argument + 1;
        storesDistance = distance;
        return 2;
    }

    private int readSearchOption(int argument) {
        if (call.is(argument, "FROMMEMBER") && isFollowedBy(1, argument) && !fromPosition) {
            fromMember = true;
            centre = entry == Slot.ABSENT ? centre : member(argument + 1);
            return 2;
        }
        if (call.is(argument, "FROMLONLAT") && isFollowedBy(2, argument) && !fromMember) {
            fromPosition = true;
            centre = GeoArguments.position(call, argument + 1);
            return 3;
        }
        if (call.is(argument, "BYRADIUS") && isFollowedBy(2, argument) && !byBox) {
            byRadius = true;
            shape = GeoArguments.circle(call, argument + 1);
            return 3;
        }
        if (call.is(argument, "BYBOX") && isFollowedBy(3, argument) && !byRadius) {
            byBox = true;
            shape = GeoArguments.box(call, argument + 1);
            return 4;
        }
        if (call.is(argument, "STOREDIST") && form == GeoForm.SEARCH_STORE) {
            storesDistance = true;
            return 1;
        }
        return 0;
    }

    private boolean isFollowedBy(int words, int argument) {
        return argument + words < call.count();
    }

    private void check() {
        if (storeKey != 0 && partsAMember() > 1) {
            throw new ErrorReply("ERR "
                    + (form.isSearch() ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS")
                    + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
        }
        if (form.isSearch() && !fromMember && !fromPosition) {
            throw notOneOf("FROMMEMBER or FROMLONLAT");
        }
        if (form.isSearch() && !byRadius && !byBox) {
            throw notOneOf("BYRADIUS and BYBOX");
        }
        if (any && count == 0) {
            throw ANY_WITHOUT_COUNT;
        }
        if (count != 0 && order == GeoOrder.NONE && !any) {
            order = GeoOrder.NEAREST_FIRST;
        }
    }

    private ErrorReply notOneOf(String words) {
        return new ErrorReply(
                "ERR exactly one of " + words + " can be specified for " + call.text(0));
    }
}
