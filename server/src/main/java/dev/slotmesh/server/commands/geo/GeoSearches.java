package dev.slotmesh.server.commands.geo;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedRanges;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** GEOSEARCH, GEOSEARCHSTORE, GEORADIUS, GEORADIUSBYMEMBER and their read-only forms. */
final class GeoSearches {
    private static final KeyEvent SEARCH_STORED = KeyEvent.sortedSet("geosearchstore");
    private static final KeyEvent RADIUS_STORED = KeyEvent.sortedSet("georadiusstore");
    private static final int FIRST_NAME_BYTES = 64;
    private static final Comparator<GeoMatch> BY_DISTANCE =
            Comparator.comparingDouble(GeoMatch::distance);

    void bind(CommandBindings bindings) {
        bindings.bind("geosearch", call -> search(call, GeoForm.SEARCH))
                .bind("geosearchstore", call -> search(call, GeoForm.SEARCH_STORE))
                .bind("georadius", call -> search(call, GeoForm.RADIUS))
                .bind("georadius_ro", call -> search(call, GeoForm.RADIUS_READ_ONLY))
                .bind("georadiusbymember", call -> search(call, GeoForm.RADIUS_BY_MEMBER))
                .bind(
                        "georadiusbymember_ro",
                        call -> search(call, GeoForm.RADIUS_BY_MEMBER_READ_ONLY));
    }

    private static void search(Call call, GeoForm form) {
        int source = form.source();
        Slot slot = call.slot(source);
        long entry = call.read(slot, source, KeyType.ZSET);
        GeoQuery query = GeoQuery.parse(call, form, slot, entry);
        List<GeoMatch> matches =
                entry == Slot.ABSENT ? List.of() : sorted(query, matches(query, slot, entry));
        if (query.storeKey() == 0) {
            answer(call, query, matches);
        } else {
            store(call, query, matches, form.isSearch() ? SEARCH_STORED : RADIUS_STORED);
        }
    }

    private static List<GeoMatch> matches(GeoQuery query, Slot slot, long entry) {
        GeoShape shape = query.shape();
        List<GeoMatch> matches = new ArrayList<>();
        long enough = query.enough() == 0 ? Long.MAX_VALUE : query.enough();
        try (NativeBuffer digits = new NativeBuffer(32)) {
            ByteSpan name = new ByteSpan();
            for (long[] range : GeoCells.covering(shape)) {
                long size = SortedSets.size(slot, entry);
                long rank = SortedRanges.countBelow(slot, entry, range[0], false);
                long place = rank < size ? SortedRanges.at(slot, entry, rank) : 0;
                while (rank < size && matches.size() < enough) {
                    long member = SortedRanges.member(place);
                    double score = SortedMember.score(member);
                    if (score >= range[1]) {
                        break;
                    }
                    double distance = shape.distanceIfInside(GeoPosition.of(score));
                    if (distance != GeoShape.OUTSIDE) {
                        byte[] copy = SortedMember.text(member, name, digits).toByteArray();
                        matches.add(new GeoMatch(copy, distance, score));
                    }
                    if (++rank < size) {
                        place = SortedRanges.step(slot, entry, place, rank, 1);
                    }
                }
            }
        }
        return matches;
    }

    private static List<GeoMatch> sorted(GeoQuery query, List<GeoMatch> matches) {
        if (query.order() == GeoOrder.NEAREST_FIRST) {
            matches.sort(BY_DISTANCE);
        } else if (query.order() == GeoOrder.FARTHEST_FIRST) {
            matches.sort(BY_DISTANCE.reversed());
        }
        boolean all = query.count() == 0 || matches.size() <= query.count();
        return all ? matches : matches.subList(0, (int) query.count());
    }

    private static void answer(Call call, GeoQuery query, List<GeoMatch> matches) {
        call.reply().array(matches.size());
        for (GeoMatch match : matches) {
            if (query.partsAMember() > 1) {
                call.reply().array(query.partsAMember());
            }
            call.reply().bulk(match.name());
            if (query.withDistance()) {
                call.reply().bulk(GeoDistance.text(distance(query, match)));
            }
            if (query.withHash()) {
                call.reply().integer((long) match.score());
            }
            if (query.withCoordinates()) {
                GeoMembers.replyPosition(call, GeoPosition.of(match.score()));
            }
        }
    }

    private static void store(Call call, GeoQuery query, List<GeoMatch> matches, KeyEvent event) {
        int key = query.storeKey();
        Slot target = call.slot(key);
        if (matches.isEmpty()) {
            if (target.remove(call.span(key), call.nowMs())) {
                call.changed(target, key, KeyEvent.DEL);
            }
            call.reply().integer(0);
            return;
        }
        long entry = SortedSets.create(target, call.span(key), call.nowMs());
        try (NativeBuffer name = new NativeBuffer(FIRST_NAME_BYTES)) {
            for (GeoMatch match : matches) {
                double score = query.storesDistance() ? distance(query, match) : match.score();
                SortedSets.put(target, entry, name.put(match.name()), score);
            }
        }
        call.changed(target, key, event);
        call.alsoCounts(matches.size() - 1);
        call.reply().integer(matches.size());
    }

    /** In the unit of the request. */
    private static double distance(GeoQuery query, GeoMatch match) {
        return match.distance() / query.shape().unit().meters();
    }
}
