package dev.slotmesh.server.commands.geo;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** GEOADD, GEOPOS, GEOHASH and GEODIST: single members and where they are. */
final class GeoMembers {
    private static final KeyEvent ADDED = KeyEvent.sortedSet("zadd");
    private static final int WORDS_A_MEMBER = 3;

    void bind(CommandBindings bindings) {
        bindings.bind("geoadd", this::add)
                .bind("geopos", this::positions)
                .bind("geohash", this::hashes)
                .bind("geodist", this::distance);
    }

    private void add(Call call) {
        int first = 2;
        boolean onlyNew = false;
        boolean onlyPresent = false;
        boolean countChanged = false;
        for (boolean more = true; more && first < call.count(); ) {
            if (call.is(first, "NX")) {
                onlyNew = true;
            } else if (call.is(first, "XX")) {
                onlyPresent = true;
            } else if (call.is(first, "CH")) {
                countChanged = true;
            } else {
                more = false;
            }
            first += more ? 1 : 0;
        }
        if ((call.count() - first) % WORDS_A_MEMBER != 0 || (onlyNew && onlyPresent)) {
            throw ErrorReply.SYNTAX;
        }
        double[] scores = scores(call, first);
        Slot slot = call.slot(1);
        long entry = call.write(slot, 1, KeyType.ZSET);
        if (scores.length == 0 || (entry == Slot.ABSENT && onlyPresent)) {
            call.reply().integer(0);
            return;
        }
        if (entry == Slot.ABSENT) {
            entry = SortedSets.create(slot, call.span(1), call.nowMs());
        }
        int added = 0;
        int updated = 0;
        for (int i = 0; i < scores.length; i++) {
            ByteSpan name = call.span(first + WORDS_A_MEMBER * i + 2);
            long member = SortedSets.find(slot, entry, name);
            if (member == SortedMember.ABSENT && !onlyPresent) {
                SortedSets.insert(slot, entry, name, scores[i]);
                added++;
            } else if (member != SortedMember.ABSENT
                    && !onlyNew
                    && SortedMember.score(member) != scores[i]) {
                SortedSets.update(slot, entry, member, name, scores[i]);
                updated++;
            }
        }
        if (added + updated > 0) {
            call.changed(slot, 1, ADDED);
            call.alsoCounts(added + updated - 1);
            propagate(call, first, scores);
        }
        call.reply().integer(countChanged ? added + updated : added);
    }

    /** With scores instead of positions. */
    private static void propagate(Call call, int first, double[] scores) {
        CommandWriter writer = call.propagateAs(first + 2 * scores.length).word("zadd");
        for (int i = 1; i < first; i++) {
            writer.span(call.span(i));
        }
        for (int i = 0; i < scores.length; i++) {
            writer.number((long) scores[i]).span(call.span(first + WORDS_A_MEMBER * i + 2));
        }
    }

    /** All positions are read before any is stored. */
    private static double[] scores(Call call, int first) {
        double[] scores = new double[(call.count() - first) / WORDS_A_MEMBER];
        for (int i = 0; i < scores.length; i++) {
            GeoPosition position = GeoArguments.position(call, first + WORDS_A_MEMBER * i);
            scores[i] = Geohash.encode(position.longitude(), position.latitude());
        }
        return scores;
    }

    private void positions(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            long member = find(slot, entry, call.span(i));
            if (member == SortedMember.ABSENT) {
                call.reply().nullArray();
            } else {
                replyPosition(call, GeoPosition.of(SortedMember.score(member)));
            }
        }
    }

    static void replyPosition(Call call, GeoPosition position) {
        call.reply().array(2);
        call.reply().doubleText(GeoPosition.text(position.longitude()));
        call.reply().doubleText(GeoPosition.text(position.latitude()));
    }

    private void hashes(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            long member = find(slot, entry, call.span(i));
            if (member == SortedMember.ABSENT) {
                call.reply().nullBulk();
            } else {
                call.reply().bulk(Geohash.text(GeoPosition.bits(SortedMember.score(member))));
            }
        }
    }

    private void distance(Call call) {
        if (call.count() > 5) {
            throw ErrorReply.SYNTAX;
        }
        GeoUnit unit = call.count() == 5 ? GeoUnit.of(call, 4) : GeoUnit.M;
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.ZSET);
        long one = find(slot, entry, call.span(2));
        long other = find(slot, entry, call.span(3));
        if (one == SortedMember.ABSENT || other == SortedMember.ABSENT) {
            call.reply().nullBulk();
            return;
        }
        double meters = GeoDistance.between(
                GeoPosition.of(SortedMember.score(one)), GeoPosition.of(SortedMember.score(other)));
        call.reply().bulk(GeoDistance.text(meters / unit.meters()));
    }

    private static long find(Slot slot, long entry, ByteSpan name) {
        return entry == Slot.ABSENT ? SortedMember.ABSENT : SortedSets.find(slot, entry, name);
    }
}
