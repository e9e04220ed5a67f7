package dev.slotmesh.server.reshard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A source whose slot migrations come to what it is told: each is under way when it is first asked about, and over the next time.
 * It knows of one from before. For one connection at a time.
 */
final class ScriptedSource implements AutoCloseable {
    private static final String TARGET = "b".repeat(40);

    private final ServerSocket listener;
    private final Deque<String> outcomes;
    private final List<Job> jobs = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();

    private static final class Job {
        final String outcome;
        String state = "snapshotting";
        boolean wasSeen;

        Job(String outcome) {
            this.outcome = outcome;
        }
    }

    /** @param outcomes of its jobs, in order: {@code success}, {@code failed}, {@code cancelled}, {@code waits} until it is cancelled */
    ScriptedSource(String... outcomes) {
        this.outcomes = new ArrayDeque<>(List.of(outcomes));
        Job earlier = new Job("failed");
        earlier.state = "failed";
        jobs.add(earlier);
        try {
            listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        Thread thread = new Thread(this::serve, "scripted-source");
        thread.setDaemon(true);
        thread.start();
    }

    Address address() {
        return new Address("127.0.0.1", listener.getLocalPort());
    }

    /** The MIGRATESLOTS that came, without their first two words. */
    synchronized List<String> orders() {
        return List.copyOf(orders);
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                BufferedReader in = new BufferedReader(new InputStreamReader(
                        client.getInputStream(), StandardCharsets.ISO_8859_1));
                OutputStream out = client.getOutputStream();
                for (String head = in.readLine(); head != null; head = in.readLine()) {
                    List<String> words = new ArrayList<>();
                    for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
                        in.readLine();
                        words.add(in.readLine());
                    }
                    out.write(answer(words).getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (IOException gone) {
                continue;
            }
        }
    }

    private synchronized String answer(List<String> words) {
        switch (words.get(1)) {
            case "MIGRATESLOTS" -> {
                if (outcomes.isEmpty()) {
                    return "-ERR no more\r\n";
                }
                orders.add(String.join(" ", words.subList(2, words.size())));
                jobs.add(0, new Job(outcomes.remove()));
                return "+OK\r\n";
            }
            case "CANCELSLOTMIGRATIONS" -> {
                jobs.stream()
                        .filter(job -> job.state.equals("snapshotting"))
                        .forEach(job -> job.state = "cancelled");
                return "+OK\r\n";
            }
            default -> {
                StringBuilder reply = new StringBuilder("*" + jobs.size() + "\r\n");
                for (int at = 0; at < jobs.size(); at++) {
                    reply.append(text(jobs.get(at), jobs.size() - at));
                }
                return reply.toString();
            }
        }
    }

    private static String text(Job job, int number) {
        if (job.wasSeen && job.state.equals("snapshotting") && !job.outcome.equals("waits")) {
            job.state = job.outcome;
        }
        job.wasSeen = true;
        String message = job.state.equals("failed") ? "the dog ate it" : "3 of 10 keys sent";
        return "*10\r\n" + bulk("name") + bulk("job" + number) + bulk("operation") + bulk("EXPORT")
                + bulk("target_node") + bulk(TARGET) + bulk("state") + bulk(job.state)
                + bulk("message") + bulk(message);
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
