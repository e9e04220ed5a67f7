package dev.slotmesh.server.local;

import dev.slotmesh.server.StartFailure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** {@code slotmesh cluster}: a local cluster, what happens line by line, and how to connect; until Ctrl-C. */
public final class ClusterCommand {
    private static final int DEFAULT_NODES = 6;
    private static final int DEFAULT_PORT = 7000;
    private static final int HIGHEST_PORT = 55_535;
    private static final double NANOS_PER_SECOND = 1e9;

    private static final String USAGE = """
            Usage: slotmesh cluster [--nodes N] [--replicas R] [--port P] [--directive value ...]
              --nodes N     how many nodes, 1 to 1000 (default 6)
              --replicas R  how many replicas each primary has among them (default 1, with one node 0)
              --port P      client port of the first; the others follow, bus ports are 10000 above
                            (default 7000)
              Any other directive of redis.conf is given to every node.
            """;

    private final PrintStream out;
    private long lastNanos;

    private ClusterCommand(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs until the process is told to end.
     *
     * @param arguments those after the word {@code cluster}
     * @return the process's exit code
     */
    public static int run(List<String> arguments, PrintStream out) throws InterruptedException {
        Optional<LocalCluster.Options> options = parse(arguments);
        if (options.isEmpty()) {
            out.print(USAGE);
            return 1;
        }
        return new ClusterCommand(out).serve(options.get());
    }

    private static Optional<LocalCluster.Options> parse(List<String> arguments) {
        int nodes = DEFAULT_NODES;
        int port = DEFAULT_PORT;
        int replicas = -1;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!name.startsWith("--") || i + 1 == arguments.size()) {
                return Optional.empty();
            }
            String value = arguments.get(i + 1);
            if (name.equals("--nodes")) {
                nodes = number(value, 1000);
            } else if (name.equals("--port")) {
                port = number(value, HIGHEST_PORT);
            } else if (name.equals("--replicas")) {
                replicas = value.equals("0") ? 0 : number(value, 1000);
                if (replicas == 0 && !value.equals("0")) {
                    return Optional.empty();
                }
            } else {
                others.addAll(List.of(name, value));
            }
        }
        int each = replicas >= 0 ? replicas : Math.min(1, nodes - 1);
        boolean fits = nodes > each && port > 0 && port + nodes - 1 <= HIGHEST_PORT;
        return fits
                ? Optional.of(new LocalCluster.Options(nodes, each, port, others))
                : Optional.empty();
    }

    /** A number from 1 to a limit, or 0 when the text is none. */
    private static int number(String text, int limit) {
        try {
            int value = Integer.parseInt(text);
            return value >= 1 && value <= limit ? value : 0;
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    private int serve(LocalCluster.Options options) throws InterruptedException {
        int last = options.firstPort() + options.nodes() - 1;
        out.println("Slotmesh: a cluster of " + options.nodes() + " nodes on 127.0.0.1:"
                + options.firstPort() + (last > options.firstPort() ? "-" + last : ""));
        long startNanos = System.nanoTime();
        lastNanos = startNanos;
        LocalCluster cluster;
        try {
            cluster = LocalCluster.start(options, this::step);
            out.println(line("ready", System.nanoTime() - startNanos));
            describe(cluster, options.firstPort());
        } catch (StartFailure | IOException | IllegalArgumentException failure) {
            out.println("slotmesh: " + failure.getMessage());
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cluster), "slotmesh-signal"));
        new CountDownLatch(1).await();
        return 0;
    }

    private void step(String step) {
        long now = System.nanoTime();
        out.println(line(step, now - lastNanos));
        lastNanos = now;
    }

    private static String line(String step, long nanos) {
        return String.format(Locale.ROOT, "  %-52s %6.2f s", step, nanos / NANOS_PER_SECOND);
    }

    private void describe(LocalCluster cluster, int port) throws IOException {
        out.println();
        out.print(NodeTable.of(cluster.nodesText()));
        out.println();
        out.println("Connect:  redis-cli -c -p " + port);
        out.println("Logs:     " + cluster.directory() + "  (removed at the end)");
        out.println("Stop:     Ctrl-C");
    }

    private void end(LocalCluster cluster) {
        out.println();
        out.println("Stopping " + cluster.ports().size() + " nodes ...");
        cluster.close();
        out.println("Stopped.");
        Runtime.getRuntime().halt(0);
    }
}
