package dev.slotmesh.server.resharding;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The keys that one thread writes and what it was told: for each hash tag a counter, a list of numbers that are different each
 * time, and a pair of strings that are always written together and must always be equal.
 */
final class WrittenKeys {
    private static final int OPERATIONS = 4;

    private final RedisClusterClient client;
    private final List<String> tags;
    private final int owner;
    private final Map<String, Counter> counters = new HashMap<>();
    private final Map<String, Entries> lists = new HashMap<>();
    private final Map<String, Pair> pairs = new HashMap<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final List<String> torn = new ArrayList<>();
    private long unknown;
    private int next;

    /** Increments that were acknowledged, and those that may have happened besides. */
    private static final class Counter {
        long acknowledged;
        long unknown;
    }

    /** By number: how often it must be in the list, and how often it may be there besides. */
    private static final class Entries {
        final Map<Integer, int[]> atLeastAndMore = new HashMap<>();
    }

    /** The last number that was acknowledged, and the last that was tried. */
    private static final class Pair {
        int acknowledged;
        int tried;
    }

    WrittenKeys(RedisClusterClient client, List<String> tags, int owner) {
        this.client = client;
        this.tags = tags;
        this.owner = owner;
    }

    private String key(String tag, String kind) {
        return "{" + tag + "}" + kind + owner;
    }

    /** Writes something; throws what the client throws. */
    void write(SplittableRandom random) {
        String tag = tags.get(random.nextInt(tags.size()));
        CountedAttempts.takeUnknown();
        switch (random.nextInt(OPERATIONS)) {
            case 0 -> append(tag);
            case 1 -> pair(tag);
            case 2 -> readPair(tag);
            default -> increment(tag);
        }
    }

    private void increment(String tag) {
        Counter counter = counters.computeIfAbsent(tag, any -> new Counter());
        counted(() -> client.incr(key(tag, "counter")), (done, more) -> {
            counter.acknowledged += done;
            counter.unknown += more;
        });
    }

    private void append(String tag) {
        int number = next++;
        int[] counts = new int[2];
        lists.computeIfAbsent(tag, any -> new Entries()).atLeastAndMore.put(number, counts);
        counted(() -> client.rpush(key(tag, "list"), "" + number), (done, more) -> {
            counts[0] += done;
            counts[1] += more;
        });
    }

    private void pair(String tag) {
        Pair pair = pairs.computeIfAbsent(tag, any -> new Pair());
        int number = next++;
        pair.tried = number;
        counted(
                () -> client.executeCommand(new CommandObject<>(
                        new CommandArguments(Protocol.Command.MSET)
                                .key(key(tag, "first"))
                                .add(number)
                                .key(key(tag, "second"))
                                .add(number),
                        BuilderFactory.RAW_OBJECT)),
                (done, more) -> pair.acknowledged = done > 0 ? number : pair.acknowledged);
    }

    private interface Account {
        void add(int acknowledged, int unknown);
    }

    private void counted(Supplier<Object> write, Account account) {
        int done = 0;
        try {
            write.get();
            done = 1;
        } finally {
            int more = CountedAttempts.takeUnknown();
            unknown += more;
            account.add(done, more);
        }
    }

    private void readPair(String tag) {
        List<byte[]> both = both(tag);
        if (!equal(both)) {
            torn.add("while writing: pair " + key(tag, "first") + " is " + text(both));
        }
    }

    private List<byte[]> both(String tag) {
        return client.executeCommand(new CommandObject<>(
                new CommandArguments(Protocol.Command.MGET)
                        .key(key(tag, "first"))
                        .key(key(tag, "second")),
                BuilderFactory.BINARY_LIST));
    }

    private static boolean equal(List<byte[]> both) {
        return Arrays.equals(both.get(0), both.get(1));
    }

    private static String text(List<byte[]> both) {
        return both.stream().map(WrittenKeys::text).collect(Collectors.joining(", "));
    }

    private static String text(byte[] value) {
        return value == null ? "nothing" : new String(value, StandardCharsets.US_ASCII);
    }

    /** Counts by the first words of an error, for the report. */
    void noteRefusal(JedisException refusal) {
        String text = String.valueOf(refusal.getMessage());
        refusals.merge(text.split("[ \\d]", 2)[0], 1, Integer::sum);
    }

    /** How often the cluster refused, by the first word. */
    Map<String, Integer> refusals() {
        return refusals;
    }

    /** Attempts of unknown outcome. */
    long unknown() {
        return unknown;
    }

    /** What is not as it must be. */
    List<String> discrepancies() {
        List<String> wrong = new ArrayList<>(torn);
        counters.forEach((tag, counter) -> checkCounter(tag, counter, wrong));
        lists.forEach((tag, entries) -> checkList(tag, entries, wrong));
        pairs.forEach((tag, pair) -> checkPair(tag, pair, wrong));
        return wrong;
    }

    private void checkCounter(String tag, Counter counter, List<String> wrong) {
        String value = client.get(key(tag, "counter"));
        long there = value == null ? 0 : Long.parseLong(value);
        if (there < counter.acknowledged || there > counter.acknowledged + counter.unknown) {
            wrong.add(key(tag, "counter") + " is " + there + ", acknowledged "
                    + counter.acknowledged + ", unknown " + counter.unknown);
        }
    }

    private void checkList(String tag, Entries entries, List<String> wrong) {
        Map<Integer, Long> there = client.lrange(key(tag, "list"), 0, -1).stream()
                .map(Integer::valueOf)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        entries.atLeastAndMore.forEach((number, counts) -> {
            long times = there.getOrDefault(number, 0L);
            if (times < counts[0] || times > counts[0] + counts[1]) {
                wrong.add(key(tag, "list") + " has " + number + " " + times
                        + " times, acknowledged " + counts[0] + ", unknown " + counts[1]);
            }
        });
        there.keySet().removeAll(entries.atLeastAndMore.keySet());
        there.keySet()
                .forEach(number ->
                        wrong.add(key(tag, "list") + " has " + number + ", never written"));
    }

    private void checkPair(String tag, Pair pair, List<String> wrong) {
        List<byte[]> both = both(tag);
        String first = text(both.get(0));
        int value = both.get(0) == null ? 0 : Integer.parseInt(first);
        if (!equal(both) || value < pair.acknowledged || value > pair.tried) {
            wrong.add("pair " + key(tag, "first") + " is " + text(both) + ", acknowledged "
                    + pair.acknowledged + ", tried up to " + pair.tried);
        }
    }
}
