package dev.slotmesh.server.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which process serves which port of the loopback, so that a connection that is refused can be explained wherever in the tests
 * it is made. A port keeps its last process when that is gone. Thread safe.
 */
final class ServedPorts {
    private static final Map<Integer, ServerProcess> PROCESSES = new ConcurrentHashMap<>();

    private ServedPorts() {}

    /** From now on a process has a port, until another one has. */
    static void enter(int port, ServerProcess process) {
        PROCESSES.put(port, process);
    }

    /**
     * What to throw when a port refuses a connection.
     *
     * @throws ServerGone when a process should serve there, which has failed or does not listen
     */
    static UncheckedIOException explain(int port, IOException refusal) {
        Optional<ServerProcess> process = Optional.ofNullable(PROCESSES.get(port));
        String text = "port " + port + ": " + refusal.getMessage() + "; "
                + process.map(ServerProcess::fate).orElse("no process of the tests has had it");
        if (process.isPresent() && !process.get().shouldServe()) {
            return new UncheckedIOException(text, refusal);
        }
        text += "; sockets there: " + sockets(port);
        if (process.isEmpty()) {
            return new UncheckedIOException(text, refusal);
        }
        throw new ServerGone(text + "\n" + process.get().log(), refusal);
    }

    /** The system's lines of sockets with that local port: addresses, then the state, of which 0A is listening. */
    private static String sockets(int port) {
        String end = String.format(Locale.ROOT, ":%04X", port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .map(Path::of)
                .filter(Files::isReadable)
                .flatMap(ServedPorts::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[1].endsWith(end))
                .map(words -> words[1] + " " + words[2] + " " + words[3])
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
