package dev.slotmesh.benchmarks.simulate;

import dev.slotmesh.benchmarks.versus.TextTable;

import java.util.List;
import java.util.Locale;

/**
 * Simulates clusters of Slotmesh nodes, of the model of Redis 7.0.15, and of both, and prints tables of what they do.
 *
 * <pre>
 * benchmarks/simulate [--only LIST] [--kinds LIST] [--nodes N] [--seeds N] [--minutes N]
 * </pre>
 */
public final class Simulate {
    private static final String USAGE = """
            usage: benchmarks/simulate [--only LIST] [--kinds LIST] [--nodes N] [--seeds N] [--minutes N]
              --only     some of traffic,kills,mesh,stalls,isolated,speed (all of them)
              --kinds    some of slotmesh,stock,mixed (all of them)
              --nodes    nodes of the large clusters, half of them primaries (1000)
              --seeds    runs per figure of kills and isolated; the worst counts (3; isolated 10 times that)
              --minutes  virtual minutes of stalls (60)
            Times are virtual. A thousand stock nodes need 6 GB of memory and some minutes per figure.
            """;

    private String only = "traffic,kills,mesh,stalls,isolated,speed";
    private String kinds = "slotmesh,stock,mixed";
    private int nodes = 1_000;
    private int seeds = 3;
    private int minutes = 60;

    private Simulate() {}

    public static void main(String[] arguments) {
        Simulate tables = new Simulate();
        if (!tables.read(arguments)) {
            System.err.print(USAGE);
            System.exit(2);
        }
        tables.print();
    }

    private boolean read(String[] arguments) {
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--only" -> only = value;
                case "--kinds" -> kinds = value;
                case "--nodes" -> nodes = Integer.parseInt(value);
                case "--seeds" -> seeds = Integer.parseInt(value);
                case "--minutes" -> minutes = Integer.parseInt(value);
                default -> {
                    return false;
                }
            }
        }
        return arguments.length % 2 == 0 && nodes >= 10 && seeds > 0 && minutes > 0;
    }

    private void print() {
        for (String part : only.split(",")) {
            System.out.println();
            switch (part) {
                case "traffic" -> traffic();
                case "kills" -> kills();
                case "mesh" -> mesh();
                case "stalls" -> stalls();
                case "isolated" -> isolated();
                case "speed" -> speed();
                default -> System.err.println("no such part: " + part);
            }
        }
    }

    private List<Mix> mixes() {
        return List.of(kinds.split(",")).stream()
                .map(kind -> Mix.valueOf(kind.toUpperCase(Locale.ROOT)))
                .toList();
    }

    private void traffic() {
        System.out.printf("Bus bytes sent per node, steady: %d nodes, T = 15 s%n%n", nodes);
        TextTable table = new TextTable("nodes are", "kB/s per node", "bar");
        for (Mix mix : mixes()) {
            double rate = Figures.steadyKilobytesPerSecond(mix, nodes, 30_000);
            table.row(mix.shown(), decimal(rate), mix == Mix.SLOTMESH ? met(rate, 40) : "");
        }
        System.out.println(table);
    }

    private void kills() {
        System.out.printf(
                "Primaries killed at once, hosts alive: %d nodes, T = 5 s, worst of %d%n%n",
                nodes, seeds);
        TextTable table =
                new TextTable("nodes are", "killed", "all shards back, s", "all say ok, s", "bar");
        for (Mix mix : mixes()) {
            killRow(table, mix, 1, 2);
            killRow(table, mix, nodes / 2 / 10, 4);
            killRow(table, mix, nodes / 2 * 49 / 100, 10);
        }
        System.out.println(table);
    }

    private void killRow(TextTable table, Mix mix, int victims, int barSeconds) {
        long servedMs = 0;
        long okMs = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            Figures.Recovery recovery = Figures.killPrimaries(mix, seed, nodes, victims);
            servedMs = worse(servedMs, recovery.servedMs());
            okMs = worse(okMs, recovery.okMs());
        }
        String bar =
                mix != Mix.SLOTMESH ? "" : servedMs < 0 ? "NO" : met(servedMs / 1000.0, barSeconds);
        table.row(mix.shown(), Integer.toString(victims), seconds(servedMs), seconds(okMs), bar);
    }

    /** Never is worse than late. */
    private static long worse(long one, long other) {
        return one < 0 || other < 0 ? -1 : Math.max(one, other);
    }

    private void mesh() {
        System.out.printf("%d nodes told to MEET one of them, at once%n%n", nodes);
        TextTable table = new TextTable(
                "nodes are",
                "full mesh after, s",
                "MB sent by all",
                "processor, s",
                "peak heap, MB",
                "bar");
        for (Mix mix : mixes()) {
            Figures.Mesh mesh = Figures.mesh(mix, nodes);
            String bar = mesh.elapsedMs() < 0 ? "NO" : met(mesh.elapsedMs() / 1000.0, 15);
            table.row(
                    mix.shown(),
                    seconds(mesh.elapsedMs()),
                    decimal(mesh.megabytes()),
                    decimal(mesh.cpuSeconds()),
                    decimal(mesh.peakHeapMegabytes()),
                    mix == Mix.SLOTMESH ? bar : "");
        }
        System.out.println(table);
    }

    private void stalls() {
        System.out.printf(
                "Every 10 s, one of 100 nodes is stopped for 2 s: %d minutes, T = 5 s%n%n",
                minutes);
        TextTable table = new TextTable("nodes are", "PFAIL", "FAIL", "failovers", "bar");
        for (Mix mix : mixes()) {
            Figures.Accusations seen = Figures.stalls(mix, 100, minutes * 60_000L);
            table.row(
                    mix.shown(),
                    Integer.toString(seen.suspected()),
                    Integer.toString(seen.failed()),
                    Integer.toString(seen.failovers()),
                    mix == Mix.SLOTMESH ? met(seen.failovers(), 0) : "");
        }
        System.out.println(table);
    }

    private void isolated() {
        int runs = 10 * seeds;
        System.out.printf(
                "Writes a primary acknowledges once it is cut off: 3 + 3 nodes, T = 5 s, %d runs%n%n",
                runs);
        TextTable table = new TextTable("nodes are", "best, s", "worst, s", "bar");
        for (Mix mix : mixes()) {
            long best = Long.MAX_VALUE;
            long worst = 0;
            for (int seed = 1; seed <= runs; seed++) {
                long elapsedMs = Figures.isolatedWritesMs(mix, seed);
                best = elapsedMs < 0 ? best : Math.min(best, elapsedMs);
                worst = worse(worst, elapsedMs);
            }
            double barSeconds = 0.75 * Figures.T_MS / 1000;
            String bar = worst < 0 ? "NO" : met(worst / 1000.0, barSeconds);
            table.row(mix.shown(), seconds(best), seconds(worst), mix == Mix.SLOTMESH ? bar : "");
        }
        System.out.println(table);
    }

    private void speed() {
        System.out.printf("What simulating %d nodes for 60 s costs, T = 15 s%n%n", nodes);
        TextTable table = new TextTable("nodes are", "processor, s", "messages", "bar");
        for (Mix mix : mixes()) {
            Figures.Speed speed = Figures.speed(mix, nodes, 60_000);
            table.row(
                    mix.shown(),
                    decimal(speed.cpuSeconds()),
                    Long.toString(speed.messages()),
                    mix == Mix.SLOTMESH ? met(speed.cpuSeconds(), 60) : "");
        }
        System.out.println(table);
    }

    private static String met(double figure, double bar) {
        String limit = bar == Math.rint(bar) ? Long.toString((long) bar) : decimal(bar);
        return "<= " + limit + ": " + (figure <= bar ? "met" : "NO");
    }

    private static String seconds(long milliseconds) {
        return milliseconds < 0
                ? "never"
                : String.format(Locale.ROOT, "%.3f", milliseconds / 1000.0);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
