package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.oracle.RedisOracle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Starts nodes in the process of the test, on free ports of the loopback and without rules to save unless they are given. */
public final class EmbeddedNode {
    private static final int START_ATTEMPTS = 5;

    private EmbeddedNode() {}

    /** Starts a node that keeps its files in a directory; the directives are those of the command line. */
    public static Node start(Path directory, String... directives) throws StartFailure {
        List<String> all = new ArrayList<>(List.of("--dir", directory.toString()));
        Collections.addAll(all, directives);
        return start(all.toArray(String[]::new));
    }

    /**
     * Starts a node that has no files, or is told where.
     *
     * @throws StartFailure as {@link Node#start}, but for a port that was taken meanwhile: then another one is tried, unless
     *     the directives have one
     */
    public static Node start(String... directives) throws StartFailure {
        for (int attempt = 1; ; attempt++) {
            int port = RedisOracle.freePort();
            List<String> all = new ArrayList<>(
                    List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
            Collections.addAll(all, directives);
            try {
                return Node.start(Configuration.of(all.toArray(String[]::new)), new NodeLog(""));
            } catch (StartFailure failure) {
                boolean portWasTaken = failure.getMessage().contains("on port " + port + " ");
                if (!portWasTaken || attempt == START_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }
}
