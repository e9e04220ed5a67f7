package dev.slotmesh.benchmarks.versus;

import dev.slotmesh.resp.Reply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * BGSAVE of many keys on both servers in alternation: how long it takes, by how much the slowest requests of clients are slower
 * meanwhile, and how much memory it needs. One save of each goes before, which is not counted.
 */
final class SnapshotCosts {
    private static final long CALM_SECONDS = 5;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int KEY_BYTES = 16;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEBIBYTE = 1024 * 1024;
    private static final double PERCENT = 100;

    private final VersusOptions options;
    private final Bars bars;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "paced-load");
        made.setDaemon(true);
        return made;
    });

    SnapshotCosts(VersusOptions options, Bars bars) {
        this.options = options;
        this.bars = bars;
    }

    /**
     * One round on one server.
     *
     * @param seconds that a save takes when nobody writes
     * @param busySeconds that it takes under the paced load
     * @param calmMs that one request in a thousand exceeds when nothing is saved
     * @param busyMs the same while it is saved
     * @param extraBytes that the process, or its child, grew by at most
     */
    private record Round(
            double seconds, double busySeconds, double calmMs, double busyMs, long extraBytes) {}

    /** A save's length, and the most memory the server's process had meanwhile. */
    private record Save(double seconds, long mostBytes) {}

    /** Measures. Returns the text to print. */
    String measure(Duel duel) throws IOException {
        for (RunningServer server : List.of(duel.slotmesh(), duel.redis())) {
            Versus.progress("loading " + options.keys() + " keys on " + server.name());
            KeyLoader.load(server.port(), options.keys(), 1);
            save(server);
        }
        List<Round> ours = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            Versus.progress("saving, round " + (i + 1));
            ours.add(round(duel.slotmesh(), i));
            theirs.add(round(duel.redis(), i));
        }
        thread.shutdown();
        judge(ours, theirs);
        TextTable table = new TextTable(
                "server",
                "BGSAVE s",
                "under load s",
                "p99.9 calm ms",
                "p99.9 saving ms",
                "extra MiB");
        row(table, duel.slotmesh().name(), ours);
        row(table, duel.redis().name(), theirs);
        return "Snapshots: BGSAVE of " + options.keys() + " keys of " + KEY_BYTES
                + " bytes with values of " + KeyLoader.VALUE_BYTES
                + " bytes; load: GET and SET of random keys, one every " + PacedLoad.PERIOD_MICROS
                + " us\n\n" + table;
    }

    private static void row(TextTable table, String name, List<Round> rounds) {
        table.row(
                name,
                Decimals.range(Samples.of(rounds, Round::seconds)),
                Decimals.range(Samples.of(rounds, Round::busySeconds)),
                Decimals.range(Samples.of(rounds, Round::calmMs)),
                Decimals.range(Samples.of(rounds, Round::busyMs)),
                Decimals.range(Samples.of(rounds, round -> round.extraBytes() / MEBIBYTE)));
    }

    private void judge(List<Round> ours, List<Round> theirs) {
        double[] ratios = new double[ours.size()];
        double[] tails = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours.get(i).seconds() / theirs.get(i).seconds();
            tails[i] = ours.get(i).busyMs() / theirs.get(i).busyMs();
        }
        double rise = Samples.of(ours, round -> round.busyMs() - round.calmMs()).median();
        double dataBytes = (double) options.keys() * (KEY_BYTES + KeyLoader.VALUE_BYTES);
        double extra = Samples.of(ours, Round::extraBytes).median() / dataBytes * PERCENT;
        bars.atMost("BGSAVE", 0.7, Samples.of(ratios).median(), " x");
        bars.atMost("rise of p99.9 during BGSAVE", 2, rise, " ms");
        bars.below("p99.9 during BGSAVE", 1, Samples.of(tails).median(), " x");
        bars.below("memory that BGSAVE needs, of the data", 10, extra, " %");
    }

    private Round round(RunningServer server, long seed) throws IOException {
        double seconds = save(server).seconds();
        double calm = PacedLoad.tail(underLoad(
                server, seed, () -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(CALM_SECONDS))));
        List<Save> saves = new ArrayList<>();
        long before = server.figures().residentBytes();
        double busy = PacedLoad.tail(underLoad(server, seed, () -> saves.add(save(server))));
        long extra = Math.max(
                saves.get(0).mostBytes() - before,
                server.name().equals("Redis") ? field(server, "rdb_last_cow_size") : 0);
        return new Round(seconds, saves.get(0).seconds(), calm, busy, extra);
    }

    /** Something to be done while clients send requests. */
    private interface Work {
        void run() throws IOException;
    }

    private double[] underLoad(RunningServer server, long seed, Work work) throws IOException {
        PacedLoad load = new PacedLoad(server.port(), options.keys(), seed);
        Future<double[]> times = thread.submit(load);
        try {
            work.run();
        } finally {
            load.end();
        }
        try {
            return times.get();
        } catch (ExecutionException failed) {
            throw new IOException("the load failed", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static Save save(RunningServer server) throws IOException {
        try (RespClient client = new RespClient(server.port())) {
            long started = System.nanoTime();
            Reply reply = client.call("BGSAVE");
            if (!(reply instanceof Reply.SimpleString)) {
                throw new IOException(server.name() + " does not save: " + reply);
            }
            long most = 0;
            do {
                if (System.nanoTime() - started > PATIENCE_NANOS) {
                    throw new IOException(server.name() + " does not end its BGSAVE");
                }
                LockSupport.parkNanos(POLL_NANOS);
                most = Math.max(most, server.figures().residentBytes());
            } while (field(client, "rdb_bgsave_in_progress").equals("1"));
            double seconds = (System.nanoTime() - started) / NANOS_PER_SECOND;
            if (!field(client, "rdb_last_bgsave_status").equals("ok")) {
                throw new IOException(server.name() + " could not save");
            }
            return new Save(seconds, most);
        }
    }

    private static long field(RunningServer server, String name) throws IOException {
        try (RespClient client = new RespClient(server.port())) {
            return Long.parseLong(field(client, name));
        }
    }

    private static String field(RespClient client, String name) throws IOException {
        if (client.call("INFO", "persistence") instanceof Reply.Bulk text) {
            for (String line : text.text().split("\r\n")) {
                if (line.startsWith(name + ":")) {
                    return line.substring(name.length() + 1);
                }
            }
        }
        throw new IOException("INFO tells no " + name);
    }
}
