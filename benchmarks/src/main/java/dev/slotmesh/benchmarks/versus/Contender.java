package dev.slotmesh.benchmarks.versus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One way of starting a server.
 *
 * @param name for tables and messages
 * @param command program and leading arguments
 * @param environment variables set for it
 */
record Contender(String name, List<String> command, Map<String, String> environment) {

    /** Slotmesh with the flags of its launcher. */
    static Contender slotmesh(VersusOptions options) {
        return new Contender(
                "Slotmesh",
                List.of(options.home().resolve("slotmesh").toString()),
                Map.of("JAVA_HOME", options.jdk().toString()));
    }

    /** Slotmesh without any flag. */
    static Contender plainSlotmesh(VersusOptions options) {
        return new Contender(
                "java -jar slotmesh.jar",
                List.of(
                        options.jdk().resolve("bin/java").toString(),
                        "-jar",
                        options.home().resolve("server/target/slotmesh.jar").toString()),
                Map.of());
    }

    /** The real server. */
    static Contender redis(VersusOptions options) {
        return new Contender("Redis", List.of(options.redisServer()), Map.of());
    }

    /** The whole command line, with the settings that are the same for all. */
    List<String> commandLine(int port, Path directory, boolean cluster, int ioThreads) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("--port", Integer.toString(port)));
        line.addAll(List.of("--bind", "127.0.0.1"));
        line.addAll(List.of("--dir", directory.toString()));
        line.addAll(List.of("--save", ""));
        line.addAll(List.of("--appendonly", "no"));
        line.addAll(List.of("--cluster-enabled", cluster ? "yes" : "no"));
        line.addAll(List.of("--io-threads", Integer.toString(ioThreads)));
        return line;
    }
}
