package dev.slotmesh.server.failover;

import dev.slotmesh.server.failover.Lineup.Kind;
import dev.slotmesh.server.oracle.NodeProcess;
import dev.slotmesh.server.oracle.Place;
import dev.slotmesh.server.oracle.RedisOracle;
import dev.slotmesh.server.oracle.RespConnection;
import dev.slotmesh.server.oracle.ServerProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of a {@link RealCluster}, of either kind, whose files outlive its processes. For one thread at a time. */
public final class Member implements AutoCloseable {
    private static final List<String> JVM_FLAGS =
            List.of("-Xmx64m", "-Xms64m", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private final int index;
    private final Kind kind;
    private final Path files;
    private final String[] directives;
    private ServerProcess process;

    /** Not yet started. */
    Member(int index, Kind kind, Path files, List<String> directives) {
        this.index = index;
        this.kind = kind;
        this.files = files;
        this.directives = directives.toArray(String[]::new);
    }

    /** Starts it, or starts it again somewhere else, and waits until it answers. */
    void start(Place place) {
        if (process != null) {
            process.close();
        }
        process = kind == Kind.SLOTMESH ? startSlotmesh(place) : startRedis(place);
    }

    private ServerProcess startSlotmesh(Place place) {
        return NodeProcess.startAt(place, JVM_FLAGS, files, directives);
    }

    private ServerProcess startRedis(Place place) {
        try {
            Files.createDirectories(files);
        } catch (IOException noDirectory) {
            throw new UncheckedIOException(noDirectory);
        }
        List<String> all = new ArrayList<>(List.of(directives));
        all.addAll(List.of("--dir", files.toString()));
        return RedisOracle.startAt(place, all.toArray(String[]::new));
    }

    /** Its number in the cluster, from 0. */
    public int index() {
        return index;
    }

    public Kind kind() {
        return kind;
    }

    public ServerProcess process() {
        return process;
    }

    public int port() {
        return process.port();
    }

    /** A connection that the cut of a link does not touch; the caller closes it. */
    public RespConnection connect() {
        return process.connect();
    }

    /** One command's reply, on a connection of its own. */
    public String ask(String... words) {
        try (RespConnection client = connect()) {
            return client.call(words);
        }
    }

    /** Gives a command that must succeed. */
    public void order(String... words) {
        String reply = ask(words);
        if (!reply.equals("+OK\r\n")) {
            throw new AssertionError(this + ", " + String.join(" ", words) + ": " + reply);
        }
    }

    /** Its node ID. */
    public String id() {
        return ask("CLUSTER", "MYID").split("\r\n")[1];
    }

    /** A field of INFO; empty when it is not there. */
    public String info(String field) {
        Matcher value = Pattern.compile("(?m)^" + field + ":([^\r\n]*)").matcher(ask("INFO"));
        return value.find() ? value.group(1) : "";
    }

    public boolean isPrimary() {
        return ask("ROLE").startsWith("*3\r\n$6\r\nmaster");
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        return "member " + index + " (" + kind + (process == null ? "" : " " + port()) + ")";
    }
}
