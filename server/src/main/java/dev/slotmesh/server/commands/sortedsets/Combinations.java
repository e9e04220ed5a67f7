package dev.slotmesh.server.commands.sortedsets;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedMember;
import dev.slotmesh.keyspace.SortedSetUnderway;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.KeyEvent;

import java.util.Comparator;
import java.util.List;

/** ZUNION, ZINTER, ZDIFF, their STORE forms and ZINTERCARD. */
final class Combinations {
    private static final Combination.Options SHOWN = new Combination.Options(true, true, false);
    private static final Combination.Options STORED = new Combination.Options(true, false, false);
    private static final Combination.Options SHOWN_DIFFERENCE =
            new Combination.Options(false, true, false);
    private static final Combination.Options STORED_DIFFERENCE =
            new Combination.Options(false, false, false);
    private static final Combination.Options COUNTED = new Combination.Options(false, false, true);

    /** Gathers the result of a combination. */
    private interface Operation {
        void run(Combination combination, SortedSetUnderway into);
    }

    void bind(CommandBindings bindings) {
        bindings.bind("zunion", call -> show(call, SHOWN, Combinations::unite))
                .bind("zinter", call -> show(call, SHOWN, Combinations::intersect))
                .bind("zdiff", call -> show(call, SHOWN_DIFFERENCE, Combinations::subtract))
                .bind("zunionstore", call -> store(call, STORED, Combinations::unite))
                .bind("zinterstore", call -> store(call, STORED, Combinations::intersect))
                .bind("zdiffstore", call -> store(call, STORED_DIFFERENCE, Combinations::subtract))
                .bind("zintercard", this::count);
    }

    private static void show(Call call, Combination.Options options, Operation operation) {
        Combination combination = Combination.parse(call, 1, options);
        Slot slot = combination.sources().get(0).slot();
        try (SortedSetUnderway result = new SortedSetUnderway(slot)) {
            operation.run(combination, result);
            boolean withScores = combination.withScores();
            ScoredReplies.begin(call.reply(), result.size(), withScores);
            ByteSpan name = call.value();
            result.forEach(member -> ScoredReplies.element(call.reply(), member, withScores, name));
        }
    }

    private static void store(Call call, Combination.Options options, Operation operation) {
        Combination combination = Combination.parse(call, 2, options);
        KeyEvent event = KeyEvent.sortedSet(call.spec().name());
        try (SortedSetUnderway result = new SortedSetUnderway(call.slot(1))) {
            operation.run(combination, result);
            ScoredStores.store(call, result, event);
        }
    }

    private void count(Call call) {
        Combination combination = Combination.parse(call, 1, COUNTED);
        List<ScoredSource> sources = bySize(combination);
        long[] count = {0};
        sources.get(0).forEach((name, score) -> {
            if (isInAll(sources, 1, name)) {
                count[0]++;
            }
            return combination.limit() == 0 || count[0] < combination.limit();
        });
        call.reply().integer(count[0]);
    }

    private static void unite(Combination combination, SortedSetUnderway into) {
        for (ScoredSource source : bySize(combination)) {
            source.forEach((name, weighted) -> {
                double score = Double.isNaN(weighted) ? 0 : weighted;
                long member = into.find(name);
                if (member == SortedMember.ABSENT) {
                    into.insert(name, score);
                } else {
                    double before = SortedMember.score(member);
                    into.update(member, combination.aggregate().of(before, score));
                }
                return true;
            });
        }
    }

    private static void intersect(Combination combination, SortedSetUnderway into) {
        List<ScoredSource> sources = bySize(combination);
        if (sources.get(0).size() == 0) {
            return;
        }
        sources.get(0).forEach((name, weighted) -> {
            if (isInAll(sources, 1, name)) {
                double score = Double.isNaN(weighted) ? 0 : weighted;
                for (int i = 1; i < sources.size(); i++) {
                    score = combination.aggregate().of(score, sources.get(i).score(name));
                }
                into.insert(name, score);
            }
            return true;
        });
    }

    private static void subtract(Combination combination, SortedSetUnderway into) {
        List<ScoredSource> sources = combination.sources();
        sources.get(0).forEach((name, score) -> {
            for (int i = 1; i < sources.size(); i++) {
                if (sources.get(i).contains(name)) {
                    return true;
                }
            }
            into.insert(name, score);
            return true;
        });
    }

    private static boolean isInAll(List<ScoredSource> sources, int from, ByteSpan name) {
        for (int i = from; i < sources.size(); i++) {
            if (!sources.get(i).contains(name)) {
                return false;
            }
        }
        return true;
    }

    /** The smallest first: the order in which Redis adds scores up. */
    private static List<ScoredSource> bySize(Combination combination) {
        return combination.sources().stream()
                .sorted(Comparator.comparingLong(ScoredSource::size))
                .toList();
    }
}
