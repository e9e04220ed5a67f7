package dev.slotmesh.server.failover;

import dev.slotmesh.server.oracle.Place;
import dev.slotmesh.server.oracle.ToolRun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace for each member, and one for two bridges between them, as {@code ip netns} makes them. Every member has a
 * cable to each bridge, and so have the tests:
 *
 * <pre>
 *   mesh      198.18.n.1 ... 6, the tests 198.18.n.254    where members talk; a member's cable can be cut
 *   service   198.19.n.1 ... 6, the tests 198.19.n.254    where the tests reach a member in any case
 * </pre>
 *
 * The addresses are those set aside for measurements of networks. The number n is 1 to 250, so that several JVMs have networks
 * of their own; the name of the hub's namespace claims it. All of it goes with {@link #close()} or the end of the JVM; what one
 * leaves that was killed goes by {@code ip netns del}. Needs Linux, iproute2 and root. For one
 * thread, but for {@link #place}.
 */
final class Namespaces implements Network {
    private static final int MOST = 250;
    private static final int FIRST_PORT = 7000;
    private static final String MESH = "mesh";
    private static final String SERVICE = "service";
    private static final int TESTS_HOST = 254;
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 17 % MOST));

    private final int number;
    private final Thread cleanup = new Thread(this::remove, "namespaces-cleanup");
    private final AtomicInteger places = new AtomicInteger();

    private Namespaces(int number) {
        this.number = number;
    }

    /** Makes the network, where there is no {@link #obstacle}. */
    static Namespaces open() {
        Namespaces network = new Namespaces(claim());
        Runtime.getRuntime().addShutdownHook(network.cleanup);
        try {
            network.lay();
        } catch (AssertionError failure) {
            network.close();
            throw failure;
        }
        return network;
    }

    /** Why there can be no such network on this machine, found out by making a small one; empty when there can. */
    static Optional<String> obstacle() {
        String probe = "slotmesh-probe-" + ProcessHandle.current().pid();
        try {
            ToolRun added = ToolRun.of("ip", "netns", "add", probe);
            if (added.exitCode() != 0) {
                return Optional.of(added.output().strip());
            }
        } catch (IOException noProgram) {
            return Optional.of(noProgram.getMessage());
        }
        try {
            ToolRun links = tool(
                    "link add name a type veth peer name b\nlink add name c type bridge\n",
                    List.of("ip", "-n", probe, "-batch", "-"));
            return links.exitCode() == 0
                    ? Optional.empty()
                    : Optional.of(links.output().strip());
        } finally {
            ip("netns", "del", probe);
        }
    }

    /** A number of nobody's; the namespace of its hub exists from then on. */
    private static int claim() {
        for (int attempt = 0; attempt < MOST; attempt++) {
            int number = 1 + Math.floorMod(NEXT.getAndIncrement(), MOST);
            if (tool("", List.of("ip", "netns", "add", "slotmesh-" + number)).exitCode() == 0) {
                return number;
            }
        }
        throw new AssertionError("no number free for a network");
    }

    private void lay() {
        StringBuilder here = new StringBuilder();
        StringBuilder hub = new StringBuilder();
        for (String bridge : List.of(MESH, SERVICE)) {
            hub.append("link add name ").append(bridge).append(" type bridge\n");
            hub.append("link set ").append(bridge).append(" up\n");
        }
        for (int member = 0; member < RealCluster.MEMBERS; member++) {
            here.append("netns add ").append(namespace(member)).append('\n');
        }
        for (String bridge : List.of(MESH, SERVICE)) {
            for (int member = 0; member < RealCluster.MEMBERS; member++) {
                cable(here, hub, bridge + member, bridge, bridge + " netns " + namespace(member));
            }
            String end = "sm" + number + bridge;
            cable(here, hub, bridge + "-tests", bridge, end);
            plug(here, end, address(bridge, TESTS_HOST));
        }
        batch(here, "ip");
        batch(hub, "ip", "-n", hub());
        for (int member = 0; member < RealCluster.MEMBERS; member++) {
            StringBuilder inside = new StringBuilder("link set lo up\n");
            plug(inside, MESH, address(MESH, member + 1));
            plug(inside, SERVICE, address(SERVICE, member + 1));
            batch(inside, "ip", "-n", namespace(member));
        }
    }

    private void cable(
            StringBuilder here, StringBuilder hub, String name, String bridge, String farEnd) {
        here.append("link add name ").append(name).append(" netns ").append(hub());
        here.append(" type veth peer name ").append(farEnd).append('\n');
        hub.append("link set ").append(name).append(" master ").append(bridge).append(" up\n");
    }

    private static void plug(StringBuilder commands, String link, String address) {
        commands.append("address add ").append(address).append("/24 dev ").append(link);
        commands.append("\nlink set ").append(link).append(" up\n");
    }

    private String hub() {
        return "slotmesh-" + number;
    }

    private String namespace(int member) {
        return hub() + "-" + member;
    }

    private String address(String bridge, int host) {
        return (bridge.equals(MESH) ? "198.18." : "198.19.") + number + "." + host;
    }

    @Override
    public Place place(int member) {
        return new Place(
                address(SERVICE, member + 1),
                FIRST_PORT + places.getAndIncrement(),
                "0.0.0.0",
                List.of("ip", "netns", "exec", namespace(member)));
    }

    @Override
    public String address(int member) {
        return address(MESH, member + 1);
    }

    @Override
    public void cut(int member) {
        ip("-n", hub(), "link", "set", MESH + member, "down");
    }

    @Override
    public void mend(int member) {
        ip("-n", hub(), "link", "set", MESH + member, "up");
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleanup);
        remove();
    }

    /** The cables go with the hub's namespace. */
    private void remove() {
        for (int member = 0; member < RealCluster.MEMBERS; member++) {
            tool("", List.of("ip", "netns", "del", namespace(member)));
        }
        tool("", List.of("ip", "netns", "del", hub()));
    }

    private static void batch(StringBuilder commands, String... program) {
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(List.of("-batch", "-"));
        require(tool(commands.toString(), line), commands.toString());
    }

    private static void ip(String... words) {
        List<String> line = new ArrayList<>(List.of("ip"));
        line.addAll(List.of(words));
        require(tool("", line), line.toString());
    }

    private static void require(ToolRun run, String what) {
        if (run.exitCode() != 0) {
            throw new AssertionError(what + ": " + run.output());
        }
    }

    private static ToolRun tool(String input, List<String> line) {
        try {
            return ToolRun.of(input, line);
        } catch (IOException cannotRun) {
            throw new UncheckedIOException(cannotRun);
        }
    }
}
