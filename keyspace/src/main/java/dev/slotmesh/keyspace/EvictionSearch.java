package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.EntryStore;

import java.util.SplittableRandom;

/**
 * Finds keys to evict and evicts them, one after the other: by drawing a few at random and taking the best of those and of
 * the {@link EvictionPool}. Takes one slot lock at a time; none may be held. One thread at a time.
 */
final class EvictionSearch {
    /** A slot held by others for longer than this is passed over. */
    private static final long PATIENCE_MS = 1;
    /** Draws without a key before a database is counted anew. */
    private static final int BARREN_DRAWS = 8;
    /** A slot gives at most this share of its keys to one sample. */
    private static final int SHARE = 4;
    /** Rounds of drawing and choosing after which there seems to be nothing to evict. */
    private static final int ROUNDS = 32;

    private final Keyspace keyspace;
    private final SplittableRandom random;
    private final EvictionPool pool = new EvictionPool();
    private final SlotLottery[] lotteries;
    private EvictionRule poolRule = EvictionRule.NONE;
    private int nextDatabase;

    EvictionSearch(Keyspace keyspace, long seed) {
        this.keyspace = keyspace;
        this.random = new SplittableRandom(seed);
        this.lotteries = new SlotLottery[keyspace.databaseCount()];
    }

    /** Evicts one key. Returns whether there was one. */
    boolean evictOne(EvictionRule rule, long nowMs) {
        if (!rule.equals(poolRule)) {
            pool.clear();
            poolRule = rule;
        }
        for (int round = 0; round < ROUNDS; round++) {
            boolean drawn = false;
            for (int i = 0; i < lotteries.length; i++) {
                int number = (nextDatabase + i) % lotteries.length;
                drawn |= draw(number, rule, nowMs);
                if (drawn && rule.order() == EvictionRule.Order.RANDOM) {
                    nextDatabase = (number + 1) % lotteries.length;
                    break;
                }
            }
            while (!pool.isEmpty()) {
                pool.take();
                if (evictTaken(rule, nowMs)) {
                    return true;
                }
            }
            if (!drawn && isBare(rule)) {
                return false;
            }
        }
        return false;
    }

    private boolean isBare(EvictionRule rule) {
        for (int i = 0; i < lotteries.length; i++) {
            Database database = keyspace.database(i);
            if ((rule.onlyExpiring() ? database.expiringKeyCount() : database.keyCount()) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Puts a sample of one database into the pool. Returns whether any key was drawn. */
    private boolean draw(int number, EvictionRule rule, long nowMs) {
        Database database = keyspace.database(number);
        if (database.isUnused()) {
            return false;
        }
        if (lotteries[number] == null) {
            lotteries[number] = new SlotLottery();
        }
        SlotLottery lottery = lotteries[number];
        int wanted = rule.order() == EvictionRule.Order.RANDOM ? 1 : rule.samples();
        int left = wanted;
        int barren = 0;
        while (left > 0 && barren < BARREN_DRAWS) {
            int slot = lottery.draw(database, rule.onlyExpiring(), random);
            if (slot < 0) {
                break;
            }
            int found = sample(number, slot, rule, left, nowMs);
            left -= found;
            if (found == 0) {
                barren++;
                lottery.recount();
            }
        }
        return left < wanted;
    }

    private int sample(int number, int slotNumber, EvictionRule rule, int most, long nowMs) {
        if (!keyspace.locks().tryLock(slotNumber, PATIENCE_MS)) {
            return 0;
        }
        try {
            if (keyspace.database(number).isApart(slotNumber)) {
                return 0;
            }
            Slot slot = keyspace.database(number).slot(slotNumber);
            int keys = rule.onlyExpiring() ? slot.expiringKeyCount() : slot.keyCount();
            int share = Math.min(most, Math.max(1, keys / SHARE));
            return slot.index().sample(random, share, rule.onlyExpiring(), entry -> {
                long score = score(slot, entry, rule.order(), nowMs);
                if (pool.wants(score)) {
                    pool.offer(score, slot.index().hash(entry), entry, slotNumber, number);
                }
            });
        } finally {
            keyspace.locks().unlock(slotNumber);
        }
    }

    /** Evicts the candidate just taken, unless it is gone or has been used meanwhile. */
    private boolean evictTaken(EvictionRule rule, long nowMs) {
        int slotNumber = pool.slot();
        if (!keyspace.locks().tryLock(slotNumber, PATIENCE_MS)) {
            return false;
        }
        try {
            Slot slot = keyspace.database(pool.database()).slot(slotNumber);
            long entry = pool.entry();
            if (slot.database().isApart(slotNumber)
                    || !slot.index().contains(pool.hash(), entry)
                    || rule.onlyExpiring() && slot.expireAt(entry) == Slot.NO_EXPIRY
                    || score(slot, entry, rule.order(), nowMs) < pool.score()) {
                return false;
            }
            slot.evict(entry);
            return true;
        } finally {
            keyspace.locks().unlock(slotNumber);
        }
    }

    /** How good a candidate an entry is: the highest goes first. */
    private static long score(Slot slot, long entry, EvictionRule.Order order, long nowMs) {
        return switch (order) {
            case LEAST_RECENTLY_USED -> slot.idleSeconds(entry, nowMs);
            case LEAST_FREQUENTLY_USED -> -slot.accessFrequency(entry, nowMs);
            case FIRST_TO_EXPIRE -> -EntryStore.deadline(entry);
            case RANDOM, NONE -> 0;
        };
    }
}
