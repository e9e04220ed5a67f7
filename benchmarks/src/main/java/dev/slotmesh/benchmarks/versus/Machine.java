package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Where and with what a run was made. */
final class Machine {
    private Machine() {}

    /** A few lines for the head of a report. */
    static String describe(VersusOptions options, Children children) throws IOException {
        return "date      "
                + ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ISO_LOCAL_DATE)
                + "\nmachine   " + value("/proc/cpuinfo", "model name", "unknown processor") + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs, "
                + value("/proc/meminfo", "MemTotal", "unknown") + " of memory, load "
                + Files.readString(Path.of("/proc/loadavg")).split(" ")[0] + " before the run"
                + "\nkernel    " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch")
                + "\nJDK       "
                + firstLine(children, options.jdk().resolve("bin/java").toString(), "--version")
                + "\nRedis     " + firstLine(children, options.redisServer(), "--version")
                + "\nmode      "
                + (options.cluster() ? "cluster, all slots on the one node" : "standalone")
                + "; " + options.rounds() + " rounds\n";
    }

    private static String value(String file, String name, String otherwise) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }

    private static String firstLine(Children children, String... command) throws IOException {
        Process process =
                children.start(new ProcessBuilder(List.of(command)).redirectErrorStream(true));
        try {
            byte[] output = process.getInputStream().readAllBytes();
            return new String(output, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("unknown");
        } finally {
            children.stop(process);
        }
    }
}
