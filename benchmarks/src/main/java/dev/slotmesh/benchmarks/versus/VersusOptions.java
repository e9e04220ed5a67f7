package dev.slotmesh.benchmarks.versus;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the command line of a side-by-side run asks for.
 *
 * @param home the project's root, where {@code slotmesh} and {@code server/target/slotmesh.jar} are
 * @param jdk home of the JDK that Slotmesh runs on
 * @param redisServer the real server's binary
 * @param cluster both in cluster mode with all slots; otherwise both standalone
 * @param rounds how often each pair of runs is repeated, 1 or more; the median counts
 * @param requests requests of each run, or 0 to choose them so that Redis takes a few seconds
 * @param phases what is measured
 * @param commands names in capitals of the commands whose CPU is measured; empty: all
 * @param keys of a snapshot and of a full resync, 1 or more
 */
record VersusOptions(
        Path home,
        Path jdk,
        String redisServer,
        boolean cluster,
        int rounds,
        long requests,
        Set<Phase> phases,
        Set<String> commands,
        int keys) {

    static final String USAGE = """
            usage: benchmarks/versus [options]
              --rounds N      repetitions of each pair of runs (default 3); the median counts
              --requests N    requests of each run (default: so many that Redis takes 2 to 3 s)
              --only LIST     of memory,cpu,threads,start,heap,commands,elements,snapshots,load,resync,writes
                              (default: all of them); collections is commands and elements, replication is resync and writes
              --commands LIST whose CPU is measured, such as get,hset,lrange_100 (default: all)
              --keys N        keys of a snapshot or full resync (default 12500000: 1 GB of keys and values)
              --standalone    both servers without cluster mode (default: with it, all slots assigned)
              --jdk PATH      JDK for Slotmesh (default: the one this runs on)
              --redis PATH    redis-server (default: $REDIS_SERVER, else the one on PATH)
              --home PATH     project root with server/target/slotmesh.jar (default: this one)
            """;

    private static final int DEFAULT_ROUNDS = 3;
    private static final int GIGABYTE_OF_KEYS = 12_500_000;

    /** The measurements, in the order in which they are made. */
    enum Phase {
        MEMORY,
        CPU,
        THREADS,
        START,
        HEAP,
        /** CPU of the commands of all types. */
        COMMANDS,
        /** Memory of an element of a large collection. */
        ELEMENTS,
        /** BGSAVE of many keys. */
        SNAPSHOTS,
        /** Time of a start with a snapshot file. */
        LOAD,
        /** Time of a full resync to a real replica. */
        RESYNC,
        /** What an attached replica costs writes. */
        WRITES
    }

    private static final Map<String, Set<Phase>> SHORTHANDS = Map.of(
            "collections", EnumSet.of(Phase.COMMANDS, Phase.ELEMENTS),
            "replication", EnumSet.of(Phase.RESYNC, Phase.WRITES));

    /** The command line is wrong; the text says how. */
    static final class BadOption extends Exception {
        private static final long serialVersionUID = 1;

        BadOption(String message) {
            super(message);
        }
    }

    /** Reads the options. */
    static VersusOptions parse(List<String> arguments) throws BadOption {
        Path home = Path.of("").toAbsolutePath();
        Path jdk = Path.of(System.getProperty("java.home"));
        String redis = System.getenv().getOrDefault("REDIS_SERVER", "redis-server");
        boolean cluster = true;
        int rounds = DEFAULT_ROUNDS;
        long requests = 0;
        Set<Phase> phases = EnumSet.allOf(Phase.class);
        Set<String> commands = Set.of();
        int keys = GIGABYTE_OF_KEYS;
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--standalone" -> cluster = false;
                case "--rounds" -> rounds = (int) number(arguments, ++i, Integer.MAX_VALUE);
                case "--keys" -> keys = (int) number(arguments, ++i, Integer.MAX_VALUE);
                case "--requests" -> requests = number(arguments, ++i, Long.MAX_VALUE);
                case "--only" -> phases = phases(value(arguments, ++i));
                case "--commands" -> commands = commands(value(arguments, ++i));
                case "--jdk" -> jdk = Path.of(value(arguments, ++i)).toAbsolutePath();
                case "--redis" -> redis = value(arguments, ++i);
                case "--home" -> home = Path.of(value(arguments, ++i)).toAbsolutePath();
                default -> throw new BadOption("unknown option " + arguments.get(i));
            }
        }
        return new VersusOptions(
                home, jdk, redis, cluster, rounds, requests, phases, commands, keys);
    }

    private static String value(List<String> arguments, int i) throws BadOption {
        if (i == arguments.size()) {
            throw new BadOption(arguments.get(i - 1) + " needs a value");
        }
        return arguments.get(i);
    }

    private static long number(List<String> arguments, int i, long most) throws BadOption {
        String text = value(arguments, i);
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadOption(text + " is not a number");
        }
        throw new BadOption(text + " is out of range");
    }

    private static Set<Phase> phases(String list) throws BadOption {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        for (String name : list.split(",")) {
            if (SHORTHANDS.containsKey(name)) {
                phases.addAll(SHORTHANDS.get(name));
                continue;
            }
            try {
                phases.add(Phase.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw new BadOption("nothing to measure is called '" + name + "'");
            }
        }
        return phases;
    }

    private static Set<String> commands(String list) throws BadOption {
        Set<String> known = new TreeSet<>(Set.of("GET", "SET"));
        Workload.all().forEach(workload -> known.add(workload.name()));
        Set<String> commands =
                new TreeSet<>(List.of(list.toUpperCase(Locale.ROOT).split(",")));
        for (String name : commands) {
            if (!known.contains(name)) {
                throw new BadOption("no command '" + name + "' is measured");
            }
        }
        return commands;
    }

    boolean measures(Phase phase) {
        return phases.contains(phase);
    }

    /** Whether the CPU of a command, in capitals, is to be measured. */
    boolean measures(String command) {
        return commands.isEmpty() || commands.contains(command);
    }
}
