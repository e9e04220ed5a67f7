package dev.slotmesh.server.failover;

import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.TemporaryDirectory;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Six processes that form a cluster of three shards: member s is the first primary of shard s, member s + 3 its first replica.
 * For one thread.
 */
public final class RealCluster implements AutoCloseable {
    public static final int SHARDS = 3;
    static final int MEMBERS = 2 * SHARDS;
    private static final int SLOT_COUNT = 16_384;
    private static final long VOTE_MARGIN_MS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MEET_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Network network;
    private final long nodeTimeoutMs;
    private final TemporaryDirectory files = new TemporaryDirectory("real-cluster-");
    private final List<Member> members = new ArrayList<>();
    private final Map<Member, Long> promotedNanos = new HashMap<>();

    private RealCluster(Network network, long nodeTimeoutMs) {
        this.network = network;
        this.nodeTimeoutMs = nodeTimeoutMs;
    }

    /**
     * Forms a cluster and waits until all is well.
     *
     * @param network is closed with the cluster
     * @param directives for all members
     */
    static RealCluster form(
            Lineup lineup, Network network, long nodeTimeoutMs, String... directives) {
        RealCluster cluster = new RealCluster(network, nodeTimeoutMs);
        try {
            cluster.prepare(lineup, directives);
            cluster.onAll(member -> member.start(network.place(member.index())));
            cluster.join();
            cluster.awaitHealthy();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    /** Like {@link #form}, on the loopback of this machine, where no link is cut. */
    public static RealCluster onLoopback(Lineup lineup, long nodeTimeoutMs, String... directives) {
        return form(lineup, new Loopback("not asked for"), nodeTimeoutMs, directives);
    }

    private void prepare(Lineup lineup, String... directives) {
        List<String> all = new ArrayList<>(List.of(
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "" + nodeTimeoutMs,
                "--repl-diskless-sync-delay",
                "0",
                "--enable-debug-command",
                "yes",
                "--protected-mode",
                "no"));
        all.addAll(List.of(directives));
        for (int index = 0; index < MEMBERS; index++) {
            members.add(
                    new Member(index, lineup.kindOf(index), files.path().resolve("" + index), all));
        }
    }

    /** At once, as starting takes a JVM a while. */
    private void onAll(Consumer<Member> work) {
        CompletableFuture.allOf(members.stream()
                        .map(member -> CompletableFuture.runAsync(() -> work.accept(member)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private void join() {
        for (int shard = 0; shard < SHARDS; shard++) {
            String last = "" + (firstSlot(shard + 1) - 1);
            primary(shard).order("CLUSTER", "SET-CONFIG-EPOCH", "" + (shard + 1));
            primary(shard).order("CLUSTER", "ADDSLOTSRANGE", "" + firstSlot(shard), last);
        }
        meet();
        for (int shard = 0; shard < SHARDS; shard++) {
            Member replica = replica(shard);
            String id = primary(shard).id();
            await(
                    replica + " replicates " + id,
                    () -> replica.ask("CLUSTER", "REPLICATE", id).equals("+OK\r\n"));
        }
    }

    /** Has the first member meet all others where they are now, and waits until everybody knows everybody. */
    private void meet() {
        members.subList(1, MEMBERS).forEach(other -> meet(members.get(0), other));
        for (Member member : members) {
            await("a mesh as " + member + " sees it", () -> isMesh(nodes(member)));
        }
    }

    private void meet(Member one, Member other) {
        one.order("CLUSTER", "MEET", network.address(other.index()), "" + other.port());
    }

    private static int firstSlot(int shard) {
        return shard * SLOT_COUNT / SHARDS;
    }

    private static String nodes(Member member) {
        return member.ask("CLUSTER", "NODES");
    }

    private static boolean isMesh(String nodes) {
        return nodes.lines().filter(line -> line.contains(" connected")).count() == MEMBERS
                && !nodes.contains("handshake")
                && !nodes.contains("disconnected")
                && !nodes.contains("fail");
    }

    /** The one that was the shard's primary at first. */
    Member primary(int shard) {
        return members.get(shard);
    }

    /** The one that was the shard's replica at first. */
    Member replica(int shard) {
        return members.get(shard + SHARDS);
    }

    public List<Member> members() {
        return members;
    }

    long nodeTimeoutMs() {
        return nodeTimeoutMs;
    }

    /** How a member's address begins in replies: ip, colon, port. */
    String address(Member member) {
        return network.address(member.index()) + ":" + member.port();
    }

    /** A key of the shard's; different for different numbers. */
    static String key(int shard, int number) {
        for (int tag = 0; ; tag++) {
            String key = "{" + tag + "}" + number;
            if (JedisClusterCRC16.getSlot(key) * SHARDS / SLOT_COUNT == shard) {
                return key;
            }
        }
    }

    /** Cuts a member off from the others. */
    void cut(Member member) {
        network.cut(member.index());
    }

    /** Ends {@link #cut}. */
    void mend(Member member) {
        network.mend(member.index());
    }

    /**
     * Waits until every member runs, knows all others as they are and finds the cluster in order, three of them are primaries,
     * and each of the rest is in step with its primary.
     */
    public void awaitHealthy() {
        for (Member member : members) {
            await("health as " + member + " sees it", () -> isHealthy(member));
        }
        for (Member member : members) {
            await(member + " in step with its primary", () -> isInStep(member));
        }
    }

    /** Like {@link #awaitHealthy} while clients write: replicas follow, but need not be in step. */
    public void awaitServing() {
        for (Member member : members) {
            await("health as " + member + " sees it", () -> isHealthy(member));
        }
        for (Member member : members) {
            await(
                    member + " follows its primary",
                    () -> member.isPrimary()
                            || primaryOf(member).isPresent()
                                    && member.info("master_link_status").equals("up"));
        }
    }

    private static boolean isHealthy(Member member) {
        String nodes = nodes(member);
        return isMesh(nodes)
                && nodes.lines().filter(line -> line.contains("master - ")).count() == SHARDS
                && nodes.lines()
                                .filter(line -> line.matches(".*connected \\d.*"))
                                .count()
                        == SHARDS
                && member.ask("CLUSTER", "INFO").contains("cluster_state:ok");
    }

    private boolean isInStep(Member member) {
        if (member.isPrimary()) {
            return true;
        }
        Optional<Member> primary = primaryOf(member);
        return primary.isPresent()
                && member.info("master_link_status").equals("up")
                && member.info("master_repl_offset")
                        .equals(primary.get().info("master_repl_offset"))
                && member.ask("DEBUG", "DIGEST").equals(primary.get().ask("DEBUG", "DIGEST"));
    }

    /** Whom a replica follows, as it says itself; empty when that is none of the members where they are now. */
    public Optional<Member> primaryOf(Member replica) {
        String port = replica.info("master_port");
        return members.stream()
                .filter(member -> port.equals("" + member.port()))
                .findFirst();
    }

    /** Makes the first primaries primaries again by failovers by hand, and waits until all is well. */
    void restoreRoles() {
        awaitHealthy();
        for (int shard = 0; shard < SHARDS; shard++) {
            if (!primary(shard).isPrimary()) {
                failOver(primary(shard));
            }
        }
        awaitHealthy();
    }

    /**
     * Makes a replica the primary by a failover by hand, as soon as it follows its primary and everybody knows that: real
     * servers ignore the request of a node whose change of role they have not heard of, and do not vote for it. Waits until it
     * is done.
     *
     * @return the milliseconds that took, from the request on
     */
    long failOver(Member replica) {
        for (Member member : members) {
            await(member + " knows whom " + replica + " follows", () -> isKnown(replica, member));
        }
        awaitVoters(replica);
        await(
                "a failover of " + replica,
                () -> replica.ask("CLUSTER", "FAILOVER").equals("+OK\r\n"));
        long began = System.nanoTime();
        await(replica + " promoted by hand", replica::isPrimary);
        promoted(replica);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private boolean isKnown(Member replica, Member asked) {
        return primaryOf(replica)
                .map(primary -> Pattern.compile(replica.id() + " .*slave " + primary.id()))
                .map(line -> line.matcher(nodes(asked)).find())
                .orElse(false);
    }

    /** Notes that a member has been voted for just now. */
    void promoted(Member member) {
        promotedNanos.put(member, System.nanoTime());
    }

    /**
     * A real server votes once in two node timeouts about one primary, and so does not vote for the same replica again. A real
     * replica asks for votes once in four; should it be asked sooner, its failover takes so much longer.
     */
    private void awaitVoters(Member replica) {
        Long last = promotedNanos.get(replica);
        boolean areReal = members.stream().anyMatch(member -> member.kind() == Lineup.Kind.REDIS);
        if (last != null && areReal) {
            long readyNanos =
                    last + TimeUnit.MILLISECONDS.toNanos(2 * nodeTimeoutMs + VOTE_MARGIN_MS);
            await("voters", () -> System.nanoTime() - readyNanos >= 0);
        }
    }

    /** Ends all members in order, with their data saved, starts them at other places, and waits until they have found together. */
    void moveAll() {
        onAll(member -> {
            member.order("SAVE");
            member.process().stop();
        });
        onAll(member -> member.start(network.place(member.index())));
        meetAnew();
        members.forEach(this::followAnew);
    }

    /** A real replica does not follow a primary whose new address it has learnt by gossip until it is told to. */
    private void followAnew(Member member) {
        if (member.kind() == Lineup.Kind.REDIS && !member.isPrimary()) {
            String myself = nodes(member)
                    .lines()
                    .filter(line -> line.contains("myself,slave"))
                    .findFirst()
                    .orElseThrow();
            member.order("CLUSTER", "REPLICATE", myself.split(" ")[3]);
        }
    }

    /**
     * Has everybody meet everybody, and again where that was undone: a real server goes back to the old address of a node that
     * it holds for failed when others still tell it.
     */
    private void meetAnew() {
        long[] lastNanos = {System.nanoTime() - MEET_AGAIN_NANOS};
        await("a mesh", () -> {
            if (members.stream().allMatch(member -> isMesh(nodes(member)))) {
                return true;
            }
            if (System.nanoTime() - lastNanos[0] >= MEET_AGAIN_NANOS) {
                lastNanos[0] = System.nanoTime();
                members.forEach(one -> members.stream()
                        .filter(other -> other != one)
                        .forEach(other -> meet(one, other)));
            }
            return false;
        });
    }

    /** Waits for something; a member that is gone for the moment is no failure. Tells the views of all when it never comes. */
    public void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what).atMost(PATIENCE).pollInterval(POLL).until(() -> {
                try {
                    return condition.call();
                } catch (UncheckedIOException goneForAMoment) {
                    return false;
                }
            });
        } catch (ConditionTimeoutException never) {
            throw new AssertionError("never " + what + "\n" + describe(), never);
        }
    }

    private String describe() {
        return members.stream()
                .map(member -> member + ":\n" + viewOf(member) + "\n" + endOf(member))
                .collect(Collectors.joining("\n"));
    }

    private static String viewOf(Member member) {
        if (!member.process().isAlive()) {
            return "not running";
        }
        try (RespConnection client = member.connect()) {
            return client.call("CLUSTER", "NODES") + client.call("INFO", "replication");
        } catch (UncheckedIOException silent) {
            return silent.toString();
        }
    }

    private static String endOf(Member member) {
        List<String> lines = member.process().log().lines().toList();
        return lines.stream()
                .skip(Math.max(0, lines.size() - 30))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        members.forEach(Member::close);
        network.close();
        files.close();
    }
}
