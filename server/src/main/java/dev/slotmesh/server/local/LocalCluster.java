package dev.slotmesh.server.local;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A cluster in this process, on loopback: started, introduced by CLUSTER MEET, all 16,384 slots shared out evenly among the
 * primaries, replicas in step with theirs, ready when {@link #start} returns.
 *
 * <pre>
 * try (LocalCluster cluster = LocalCluster.start(LocalCluster.Options.nodes(3))) {
 *     connect(cluster.ports().get(0));
 * }
 * </pre>
 *
 * <p>For one thread, except that {@link #close} may come from any.
 */
public final class LocalCluster implements AutoCloseable {
    private static final int SLOT_COUNT = 16_384;
    private static final long READY_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Of a line of CLUSTER NODES: the primary's ID, or "-". */
    private static final int PRIMARY_FIELD = 3;

    private final Options options;
    private final Steps steps;
    private final Path directory;
    private final List<Integer> ports;
    private final List<Node> nodes = new ArrayList<>();
    private final List<NodeClient> clients = new ArrayList<>();

    private LocalCluster(Options options, Steps steps) throws IOException {
        this.options = options;
        this.steps = steps;
        this.ports =
                options.firstPort() == 0 ? FreePorts.pairs(options.nodes()) : consecutive(options);
        this.directory = Files.createTempDirectory("slotmesh-cluster-");
    }

    /**
     * What to start.
     *
     * @param nodes how many, 1 to 1000
     * @param replicas of each primary, 0 to {@code nodes} - 1: one node of every {@code replicas + 1} is a primary, the first ones
     *     are, and what is left over is shared out
     * @param firstPort client port of the first node, the others follow; 0 for any free ports
     * @param directives further arguments for every node, as on the command line: {@code --cluster-node-timeout}, {@code
     *     2000}
     */
    public record Options(int nodes, int replicas, int firstPort, List<String> directives) {
        public Options {
            if (nodes < 1 || nodes > 1000) {
                throw new IllegalArgumentException("nodes: " + nodes);
            }
            if (replicas < 0 || replicas >= nodes) {
                throw new IllegalArgumentException("replicas: " + replicas);
            }
            directives = List.copyOf(directives);
        }

        /** That many nodes on free ports. */
        public static Options nodes(int count) {
            return new Options(count, 0, 0, List.of());
        }

        /** The same nodes, with so many replicas for each primary among them. */
        public Options withReplicas(int count) {
            return new Options(nodes, count, firstPort, directives);
        }

        int primaries() {
            return nodes / (replicas + 1);
        }

        public Options with(String... more) {
            List<String> all = new ArrayList<>(directives);
            all.addAll(List.of(more));
            return new Options(nodes, replicas, firstPort, all);
        }
    }

    /** Starts a cluster and waits until every node knows the role of every other and says that the cluster is ok. */
    public static LocalCluster start(Options options) throws StartFailure {
        return start(options, Steps.SILENT);
    }

    /**
     * As {@link #start(Options)}, telling each step when it is done.
     *
     * @throws StartFailure when a node cannot start or the cluster is not ready within a minute; nothing is left running
     */
    public static LocalCluster start(Options options, Steps steps) throws StartFailure {
        LocalCluster cluster;
        try {
            cluster = new LocalCluster(options, steps);
        } catch (IOException cause) {
            throw new StartFailure(
                    "Can't make a directory for the cluster: " + cause.getMessage(), cause);
        }
        try {
            cluster.create();
            return cluster;
        } catch (IOException cause) {
            cluster.close();
            throw new StartFailure(
                    "The cluster could not be created: " + cause.getMessage(), cause);
        } catch (StartFailure | RuntimeException failure) {
            cluster.close();
            throw failure;
        }
    }

    private static List<Integer> consecutive(Options options) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < options.nodes(); i++) {
            ports.add(options.firstPort() + i);
        }
        return ports;
    }

    private void create() throws StartFailure, IOException {
        startNodes();
        shareSlots();
        introduce();
        await("every node knows all " + ports.size(), this::isFullMesh);
        if (options.replicas() > 0) {
            assignReplicas();
            await("every replica has its primary's data", this::isReplicated);
        }
        await("every node says cluster_state:ok", this::isOk);
    }

    private void startNodes() throws StartFailure, IOException {
        for (int port : ports) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--port",
                    String.valueOf(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    Files.createDirectory(directory.resolve(String.valueOf(port)))
                            .toString(),
                    "--logfile",
                    "node.log",
                    "--save",
                    "",
                    "--cluster-enabled",
                    "yes",
                    "--repl-diskless-sync-delay",
                    "0",
                    "--io-threads",
                    "1"));
            arguments.addAll(options.directives());
            Configuration configuration = Configuration.of(arguments.toArray(String[]::new));
            nodes.add(Node.start(configuration, new NodeLog(String.valueOf(port))));
        }
        for (int port : ports) {
            clients.add(new NodeClient(port));
        }
        steps.done("started " + ports.size() + " nodes");
    }

    /** Slots and epochs come before the introduction, so that the mesh never has to sort them out. */
    private void shareSlots() throws IOException {
        int count = options.primaries();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) SLOT_COUNT * i / count);
            int to = (int) ((long) SLOT_COUNT * (i + 1) / count) - 1;
            clients.get(i)
                    .ask("CLUSTER", "ADDSLOTSRANGE", String.valueOf(from), String.valueOf(to));
            clients.get(i).ask("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
        }
        steps.done("shared out " + SLOT_COUNT + " slots");
    }

    private void introduce() throws IOException {
        for (int port : ports.subList(1, ports.size())) {
            clients.get(0).ask("CLUSTER", "MEET", "127.0.0.1", String.valueOf(port));
        }
        steps.done("introduced " + (ports.size() - 1) + " nodes to the first by CLUSTER MEET");
    }

    /** Returns when every node has heard of it: new roles travel with heartbeats. */
    private void assignReplicas() throws StartFailure, IOException {
        int primaries = options.primaries();
        Map<String, String> primaryOf = new HashMap<>();
        for (int i = primaries; i < clients.size(); i++) {
            String primary = clients.get((i - primaries) % primaries).ask("CLUSTER", "MYID");
            clients.get(i).ask("CLUSTER", "REPLICATE", primary);
            primaryOf.put(clients.get(i).ask("CLUSTER", "MYID"), primary);
        }
        waitUntil("every node knows every role", () -> areKnown(primaryOf));
        steps.done("made " + primaryOf.size() + " of them replicas");
    }

    /** Whether every node says of each other, and of itself, what it is: a primary, or a replica of whom. */
    private boolean areKnown(Map<String, String> primaryOf) throws IOException {
        for (NodeClient client : clients) {
            for (String line : client.ask("CLUSTER", "NODES").split("\n")) {
                String[] fields = line.split(" ");
                if (!fields[PRIMARY_FIELD].equals(primaryOf.getOrDefault(fields[0], "-"))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isReplicated() {
        return nodes.stream()
                .skip(options.primaries())
                .allMatch(node -> node.replication().follower().isLinkUp());
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String step, Condition condition) throws IOException, StartFailure {
        waitUntil(step, condition);
        steps.done(step);
    }

    private void waitUntil(String what, Condition condition) throws IOException, StartFailure {
        long deadline = System.nanoTime() + READY_WITHIN_NANOS;
        while (!condition.holds()) {
            if (deadline - System.nanoTime() <= 0) {
                throw new StartFailure(
                        "Gave up waiting until " + what + "; the nodes' logs are in " + directory);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean isFullMesh() throws IOException {
        for (NodeClient client : clients) {
            String[] lines = client.ask("CLUSTER", "NODES").split("\n");
            boolean complete = lines.length == clients.size();
            for (String line : lines) {
                complete &= line.contains(" connected") && !line.contains("handshake");
            }
            if (!complete) {
                return false;
            }
        }
        return true;
    }

    private boolean isOk() throws IOException {
        for (NodeClient client : clients) {
            if (!client.ask("CLUSTER", "INFO").startsWith("cluster_state:ok")) {
                return false;
            }
        }
        return true;
    }

    /** Client ports, in the order of the nodes. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** CLUSTER NODES as the first node answers it. */
    public String nodesText() throws IOException {
        return clients.get(0).ask("CLUSTER", "NODES");
    }

    /** Where the nodes keep their logs and files while they run, each in a directory named by its port. */
    public Path directory() {
        return directory;
    }

    /**
     * Stops every node and deletes their files.
     *
     * @throws UncheckedIOException when a file stays behind; the nodes are stopped all the same
     */
    @Override
    public synchronized void close() {
        nodes.parallelStream().forEach(Node::close);
        nodes.clear();
        try {
            for (NodeClient client : clients) {
                client.close();
            }
            clients.clear();
            deleteFiles();
        } catch (IOException cause) {
            throw new UncheckedIOException(
                    "The cluster's files in " + directory + " could not be removed", cause);
        }
    }

    private void deleteFiles() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
