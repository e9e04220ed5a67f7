package dev.slotmesh.server;

import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.config.CommandLine;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.Directive;
import dev.slotmesh.server.config.GeneralDirectives;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.config.ShutdownFlag;
import dev.slotmesh.server.local.ClusterCommand;
import dev.slotmesh.server.log.LogLevel;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.reshard.Interruption;
import dev.slotmesh.server.reshard.RebalanceCommand;
import dev.slotmesh.server.reshard.ReshardCommand;
import dev.slotmesh.server.reshard.Terminal;
import dev.slotmesh.server.system.DaemonThreads;
import dev.slotmesh.server.transport.IoThreads;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The program: one node with {@code redis-server}'s command line, {@code cluster} for a whole local cluster, {@code reshard} and
 * {@code rebalance} to move slots in a running one.
 */
public final class Slotmesh {
    private static final String RESHARD = "reshard";
    private static final Set<String> TOOLS = Set.of(RESHARD, "rebalance");
    private static final long NO_LIMIT_BYTES = 1L << 46;

    private Slotmesh() {}

    public static void main(String[] arguments) throws InterruptedException {
        tuneNetty();
        if (arguments.length > 0 && TOOLS.contains(arguments[0])) {
            System.exit(runTool(arguments[0], List.of(arguments).subList(1, arguments.length)));
        }
        DaemonThreads.named("slotmesh-preload").newThread(Slotmesh::preload).start();
        if (arguments.length > 0 && arguments[0].equals("cluster")) {
            System.exit(ClusterCommand.run(
                    List.of(arguments).subList(1, arguments.length), System.out));
        }
        CommandLine.Result result = CommandLine.read(List.of(arguments), System.in);
        if (result instanceof CommandLine.Result.Ready ready) {
            System.exit(serve(ready.configuration()));
        } else if (result instanceof CommandLine.Result.Failed failed) {
            System.err.print(failed.text());
            System.exit(1);
        } else if (result instanceof CommandLine.Result.ShowVersion) {
            System.out.println(Usage.version());
        } else {
            System.out.print(Usage.help());
        }
    }

    private static int runTool(String name, List<String> arguments) {
        Interruption interruption = new Interruption();
        Signals.handle("INT", signal -> {
            if (!interruption.isUnderWay()) {
                Runtime.getRuntime().halt(1);
            }
            if (interruption.ask()) {
                System.err.println("\nStopping in good order; once more stops at once.");
            }
        });
        Terminal terminal = Terminal.ofProcess();
        return name.equals(RESHARD)
                ? ReshardCommand.run(arguments, System.getenv(), terminal, interruption)
                : RebalanceCommand.run(arguments, System.getenv(), terminal, interruption);
    }

    /** What of Netty costs time and is of no use to a server in production; a flag on the command line wins. */
    private static void tuneNetty() {
        // Its events for the JDK's flight recorder cost a tenth of the start.
        preset("io.netty.jfr.enabled", "false");
        // Sampling buffers for leaks costs memory and time; the tests do it.
        preset("io.netty.leakDetection.level", "disabled");
        // What clients and replicas may leave unread is limited by the configuration, not by the
        // size of the Java heap.
        preset("io.netty.maxDirectMemory", Long.toString(NO_LIMIT_BYTES));
    }

    /** Loads, beside the reading of the configuration, what the start will need after it. */
    private static void preload() {
        CommandTable.preload();
        IoThreads.preload();
    }

    private static void preset(String property, String value) {
        System.setProperty(property, System.getProperty(property, value));
    }

    private static int serve(Configuration configuration) throws InterruptedException {
        NodeLog log = new NodeLog("");
        NodeLog.useForLibraries(log);
        Node node;
        try {
            log.raw(LogLevel.NOTICE, Usage.banner(configuration.getInt(NetworkDirectives.PORT)));
            node = Node.start(configuration, log);
        } catch (StartFailure failure) {
            log.warning(failure.getMessage());
            return 1;
        }
        endOnSignals(node);
        node.awaitStop();
        node.close();
        node.log().warning("Slotmesh is now ready to exit, bye bye...");
        return node.exitCode();
    }

    /** SIGTERM and SIGINT: the same as SHUTDOWN with the flags that are configured; a second SIGINT ends it at once. */
    private static void endOnSignals(Node node) {
        AtomicBoolean asked = new AtomicBoolean();
        boolean handled = Signals.handle("TERM", name -> {
                    asked.set(true);
                    endOnSignal(node, name, GeneralDirectives.SHUTDOWN_ON_SIGTERM, asked);
                })
                && Signals.handle("INT", name -> {
                    if (asked.getAndSet(true)) {
                        node.log().warning("You insist... exiting now.");
                        Runtime.getRuntime().halt(1);
                    }
                    endOnSignal(node, name, GeneralDirectives.SHUTDOWN_ON_SIGINT, asked);
                });
        if (!handled) {
            node.log().warning("Signals end this process at once: this JDK cannot handle them");
        }
    }

    private static void endOnSignal(
            Node node, String name, Directive<Set<ShutdownFlag>> directive, AtomicBoolean asked) {
        node.log().warning("Received " + name + " scheduling shutdown...");
        node.shutdown().begin(node.configuration().get(directive), asked::set);
    }
}
