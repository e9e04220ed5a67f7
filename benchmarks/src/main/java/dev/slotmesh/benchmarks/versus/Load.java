package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run of redis-benchmark.
 *
 * @param command GET or SET, or the name of the workload
 * @param workload the command in full with what goes before it; null for redis-benchmark's own GET and SET
 * @param pipeline requests per batch, 1 or more
 * @param clientThreads threads of the load generator
 */
record Load(String command, Workload workload, int pipeline, int clientThreads) {
    private static final int CONNECTIONS = 50;

    /**
     * What a run came to.
     *
     * @param perSecond requests per second as redis-benchmark counts them
     * @param cpuNanosPerRequest the server's user and system time over the requests
     */
    record Result(double perSecond, double cpuNanosPerRequest) {}

    Load(String command, int pipeline) {
        this(command, null, pipeline, 1);
    }

    Load(String command, int pipeline, int clientThreads) {
        this(command, null, pipeline, clientThreads);
    }

    static Load of(Workload workload, int pipeline) {
        return new Load(workload.name(), workload, pipeline, 1);
    }

    /**
     * Drives a server with this load over {@code keys} keys.
     *
     * @throws IOException when redis-benchmark fails, which it does on the first error reply
     */
    Result run(RunningServer server, long requests, int keys, Children children)
            throws IOException {
        if (workload != null) {
            try (RespClient client = new RespClient(server.port())) {
                workload.before().prepare(client, requests);
            }
        }
        long before = server.figures().cpuNanos();
        String output = drive(server.port(), requests, keys, children);
        long spent = server.figures().cpuNanos() - before;
        return new Result(perSecond(output), (double) spent / requests);
    }

    private String drive(int port, long requests, int keys, Children children) throws IOException {
        Process process = children.start(
                new ProcessBuilder(commandLine(port, requests, keys)).redirectErrorStream(true));
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException("redis-benchmark ended with " + exit + ":\n" + output);
            }
            return output;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            children.stop(process);
        }
    }

    private List<String> commandLine(int port, long requests, int keys) {
        List<String> line = new ArrayList<>(List.of("redis-benchmark", "--csv"));
        line.addAll(List.of("-p", Integer.toString(port)));
        if (workload == null) {
            line.addAll(List.of("-t", command.toLowerCase(Locale.ROOT)));
        }
        line.addAll(List.of("-n", Long.toString(requests)));
        line.addAll(List.of("-c", Integer.toString(CONNECTIONS)));
        line.addAll(List.of("-P", Integer.toString(pipeline)));
        line.addAll(List.of("-r", Integer.toString(keys)));
        line.addAll(List.of("-d", Integer.toString(KeyLoader.VALUE_BYTES)));
        if (clientThreads > 1) {
            line.addAll(List.of("--threads", Integer.toString(clientThreads)));
        }
        if (workload != null) {
            line.addAll(workload.words());
        }
        return line;
    }

    /** The second column of the last line: {@code "SET","123456.78","0.2",...}. */
    static double perSecond(String csv) throws IOException {
        String last = csv.strip().lines().reduce("", (earlier, line) -> line);
        String[] columns = last.split("\",\"");
        if (columns.length < 2) {
            throw new IOException("redis-benchmark printed no figures:\n" + csv);
        }
        try {
            return Double.parseDouble(columns[1]);
        } catch (NumberFormatException noNumber) {
            throw new IOException("redis-benchmark printed no figures:\n" + csv, noNumber);
        }
    }
}
