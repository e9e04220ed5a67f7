package dev.slotmesh.server;

import dev.slotmesh.server.config.RedisVersion;

/** What the program says of itself. */
final class Usage {
    private static final String HELP = """
            Usage: slotmesh [/path/to/redis.conf] [--directive value ...] [-]
                   slotmesh cluster [--nodes N] [--port P]
                   slotmesh reshard HOST:PORT --to NODE --slots N [--from NODE[,NODE...]|all] [...]
                   slotmesh rebalance HOST:PORT [--by slots|keys|memory|load] [...]
                   slotmesh -v | --version | -h | --help

            A node takes the configuration file and the options of redis-server 7.0. A lone dash
            reads more configuration from standard input.

            Examples:
                   slotmesh                                 (the defaults, port 6379)
                   slotmesh --port 7000 --cluster-enabled yes
                   slotmesh /etc/redis/redis.conf --loglevel verbose
                   slotmesh cluster                         (a local cluster on ports 7000 to 7005)
                   slotmesh reshard --help                  (moving slots while the cluster runs)
            """;

    private Usage() {}

    static String help() {
        return HELP;
    }

    static String version() {
        return "Slotmesh server, compatible with Redis " + RedisVersion.NUMBER + " (Java "
                + System.getProperty("java.version") + ", " + System.getProperty("os.arch") + ")";
    }

    /** What the log begins with; tools that start the server wait for the lines PID and Port. */
    static String banner(int port) {
        return "\n  Slotmesh, compatible with Redis " + RedisVersion.NUMBER + ", Java "
                + System.getProperty("java.version") + "\n  Port: " + port + "\n  PID: "
                + ProcessHandle.current().pid() + "\n\n";
    }
}
