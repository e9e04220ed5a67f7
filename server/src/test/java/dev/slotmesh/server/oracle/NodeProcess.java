package dev.slotmesh.server.oracle;

import dev.slotmesh.server.Slotmesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A node of this project in a process of its own. Its data are in a directory of the test's, its log is beside the temporary
 * files; there are no rules to save unless they are given.
 */
public final class NodeProcess extends ServerProcess {
    private static final List<String> SMALL = List.of("-Xmx128m");

    private final List<String> command = new ArrayList<>();

    private NodeProcess(
            Place place,
            List<String> jvmFlags,
            List<String> file,
            Path data,
            String... directives) {
        super(place);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        Collections.addAll(command, "-XX:TieredStopAtLevel=1");
        Collections.addAll(command, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");
        Collections.addAll(command, "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED");
        Collections.addAll(command, "--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED");
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        command.add(Slotmesh.class.getName());
        command.addAll(file);
        Collections.addAll(command, "--port", Integer.toString(port()));
        Collections.addAll(command, "--bind", place.bind(), "--dir", data.toString(), "--save", "");
        Collections.addAll(command, directives);
        try {
            Files.createDirectories(data);
        } catch (IOException noDirectory) {
            throw new UncheckedIOException(noDirectory);
        }
    }

    /**
     * Starts a node and waits until it answers.
     *
     * @param data its directory, made when it is not there, and left as it is at the end
     * @param directives as on the command line
     * @throws AssertionError when it does not start, with its log
     */
    public static NodeProcess start(Path data, String... directives) {
        return start(SMALL, data, directives);
    }

    /** Like {@link #start(Path, String...)}, with flags of the JVM instead of a heap of 128 MiB. */
    public static NodeProcess start(List<String> jvmFlags, Path data, String... directives) {
        return launched(
                () -> new NodeProcess(Place.ofLoopback(), jvmFlags, List.of(), data, directives));
    }

    /** Like {@link #start(List, Path, String...)}, at a given place. */
    public static NodeProcess startAt(
            Place place, List<String> jvmFlags, Path data, String... directives) {
        return launched(() -> new NodeProcess(place, jvmFlags, List.of(), data, directives));
    }

    /** Like {@link #start(Path, String...)}, from a configuration file, which the directives follow. */
    public static NodeProcess startFrom(Path file, Path data, String... directives) {
        List<String> first = List.of(file.toAbsolutePath().toString());
        return launched(() -> new NodeProcess(Place.ofLoopback(), SMALL, first, data, directives));
    }

    @Override
    List<String> command() {
        return command;
    }
}
