package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.ReplicationListener;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.propagation.RecordedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Random programs of all groups: what a node tells its replicas is, command by command, what redis-server 7.0 tells its own. A
 * program that fails is made as short as it goes.
 *
 * <p>{@code -Dslotmesh.differential.programs=N} runs N programs instead of 150, {@code -Dslotmesh.differential.seed=S} adds S
 * to their seeds, {@code -Dslotmesh.differential.failures=F} goes on until F have failed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StreamDifferentialTest {
    private static final int PROGRAMS = Integer.getInteger("slotmesh.differential.programs", 150);
    private static final long SEED = Long.getLong("slotmesh.differential.seed", 0);
    private static final int FAILURES = Integer.getInteger("slotmesh.differential.failures", 1);
    private static final int LINES = 50;
    private static final int SHOWN_BEFORE = 4;

    private final RecordedStream ours = new RecordedStream();
    private RedisOracle redis;
    private ReplicationListener theirs;
    private Node node;
    private ServerPair servers;
    private int marks;

    @BeforeAll
    void start() throws Exception {
        redis = RedisOracle.start(
                "--enable-debug-command",
                "yes",
                "--repl-diskless-sync",
                "no",
                "--repl-ping-replica-period",
                "3600");
        Assumptions.assumeTrue(redis.isAtLeast(7, 0), "redis-server 7.0 is compared with");
        node = EmbeddedNode.start("--enable-debug-command", "yes");
        node.keyspace().locks().lockWorld();
        node.dispatcher().commandLog().attach(ours);
        node.keyspace().locks().unlockWorld();
        theirs = ReplicationListener.to(redis.port());
        servers = connect();
        servers.send(List.of(Line.of("SET", "mark", "first")));
        theirs.until(List.of("SET", "mark", "first"));
        ours.take();
    }

    @AfterAll
    void stop() {
        if (servers != null) {
            servers.close();
        }
        if (theirs != null) {
            theirs.close();
        }
        if (node != null) {
            node.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void shouldTellReplicasWhatRedisTellsThem() {
        StringBuilder failures = new StringBuilder();
        int failed = 0;
        for (int i = 0; i < PROGRAMS && failed < FAILURES; i++) {
            Program program = comparable(Program.of(SEED + i, LINES, CommandGroups.chosen()));
            Optional<String> difference = differenceIn(program);
            if (difference.isPresent()) {
                failed++;
                failures.append(new DifferingProgram(program, difference.get())
                        .shortest(this::differenceIn)
                        .report(SEED + i));
            }
        }
        assertThat(failures.toString()).as("programs that differ").isEmpty();
    }

    @Test
    void shouldTellOfKeysPastTheirTimeWhichAWalkMeets() {
        String passed = "SET a v PXAT 1";
        List<List<Line>> units = Stream.of(
                        "SET other v",
                        passed,
                        "SCAN 0 COUNT 1000 MATCH b*",
                        "KEYS a*",
                        "SCAN 0 COUNT 1000 MATCH a*",
                        "SET after 1",
                        passed,
                        "SCAN 0 COUNT 1000 TYPE list",
                        "SET after 2",
                        passed,
                        "MULTI",
                        "SCAN 0 COUNT 1000",
                        "SET after 3",
                        "EXEC",
                        "FLUSHALL",
                        passed,
                        "RANDOMKEY",
                        "SET after 4")
                .map(line -> List.of(Line.of(line.split(" "))))
                .toList();

        assertThat(differenceIn(new Program(2, units))).isEmpty();
    }

    /** The program without SCAN and RANDOMKEY: in which order they meet keys past their time is each server's own. */
    private static Program comparable(Program program) {
        return without(
                withoutDamage(program),
                line -> line.name().equals("SCAN") || line.name().equals("RANDOMKEY"));
    }

    /** PFADD changes a damaged HyperLogLog up to where it is damaged; of that Redis tells its replicas nothing. */
    static Program withoutDamage(Program program) {
        return without(
                program, line -> line.words().stream().anyMatch(word -> word.startsWith("HYLL")));
    }

    static Program without(Program program, Predicate<Line> differs) {
        return new Program(
                program.protocol(),
                program.units().stream()
                        .filter(unit -> unit.stream().noneMatch(differs))
                        .toList());
    }

    private ServerPair connect() {
        ServerPair pair = new ServerPair(RespConnection.to(node.port()), redis.connect());
        // Keys whose time has passed then go when they are met, at the same command on both sides.
        pair.send(List.of(Line.of("DEBUG", "SET-ACTIVE-EXPIRE", "0")));
        return pair;
    }

    private Optional<String> differenceIn(Program program) {
        List<Line> lines = new ArrayList<>(List.of(
                Line.of("RESET"),
                ProgramRun.DEFAULTS,
                Line.of("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "0"),
                Line.of("FLUSHALL"),
                Line.of("HELLO", Integer.toString(program.protocol()))));
        lines.addAll(program.lines());
        Line mark = Line.of("SET", "mark", Integer.toString(marks++));
        lines.add(Line.of("RESET"));
        lines.add(mark);
        servers.send(lines);
        List<List<String>> left = ours.take();
        List<List<String>> right = theirs.until(mark.words());
        if (!left.isEmpty() && left.get(left.size() - 1).equals(mark.words())) {
            left = left.subList(0, left.size() - 1);
        }
        return firstDifference(left, right);
    }

    private static Optional<String> firstDifference(
            List<List<String>> left, List<List<String>> right) {
        int at = 0;
        int least = Math.min(left.size(), right.size());
        while (at < least && StreamRule.agree(left.get(at), right.get(at))) {
            at++;
        }
        if (at == left.size() && at == right.size()) {
            return Optional.empty();
        }
        return Optional.of("slotmesh:" + part(left, at) + "\nredis:" + part(right, at));
    }

    private static String part(List<List<String>> stream, int at) {
        return stream
                .subList(Math.max(0, at - SHOWN_BEFORE), Math.min(stream.size(), at + 2))
                .stream()
                .map(command -> "\n  " + DifferingProgram.shown(new Line(command)))
                .collect(Collectors.joining());
    }
}
