package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code slotmesh rebalance}: every primary gets its share of the slots, the keys, the memory or the load. */
public final class RebalanceCommand {
    private static final double DEFAULT_THRESHOLD_PERCENT = 2;
    private static final double HIGHEST_PERCENT = 100;
    private static final double HIGHEST_WEIGHT = 1e9;
    private static final int DEFAULT_SAMPLE_SECONDS = 10;
    private static final int LONGEST_SAMPLE_SECONDS = 86_400;

    private static final String USAGE = """
            Usage: slotmesh rebalance HOST:PORT [--by slots|keys|memory|load] [option ...]

            Moves hash slots, as few as will do, until every primary has its share, while the cluster serves
            its clients. HOST:PORT is any node of it.

              --by slots        shares of the slots (default)
              --by keys         shares of the keys
              --by memory       shares of the memory that keys and values take
              --by load         shares of the processor time that commands took, measured for a while;
                                the last two need cluster-slot-stats-enabled yes on every primary
              --sample SECONDS  how long the load is measured (default 10); 0 takes what the nodes have
                                counted since they began to
              --weight NODE=W   NODE gets W times the share of a primary of weight 1, the default; 0 frees
                                it of all slots. May be given several times; a NODE is a primary's ID, an
                                unmistakable beginning of it, or its HOST:PORT
              --use-empty-primaries
                                gives slots to primaries that have none, too; else only to those of them
                                that a --weight names
              --threshold PERCENT
                                by how much of its share a primary may be off (default 2)
            """ + CommonOptions.USAGE + """

            Examples:
              slotmesh rebalance 127.0.0.1:7000 --use-empty-primaries
              slotmesh rebalance 127.0.0.1:7000 --by memory --threshold 5 --dry-run
              slotmesh rebalance 127.0.0.1:7000 --weight 127.0.0.1:7003=0 --yes
            """;

    private final CommonOptions common;
    private final Metric metric;
    private final Map<String, Double> weights;
    private final boolean usesEmpty;
    private final double thresholdPercent;
    private final Sampling sampling;

    private RebalanceCommand(CommonOptions common, Draft draft, Sampling sampling) {
        this.common = common;
        this.metric = draft.metric;
        this.weights = draft.weights;
        this.usesEmpty = draft.usesEmpty;
        this.thresholdPercent = draft.thresholdPercent;
        this.sampling = sampling;
    }

    /** Options of this tool alone while they are read. */
    private static final class Draft {
        Metric metric = Metric.SLOTS;
        final Map<String, Double> weights = new HashMap<>();
        boolean usesEmpty;
        double thresholdPercent = DEFAULT_THRESHOLD_PERCENT;
        int sampleSeconds = DEFAULT_SAMPLE_SECONDS;
    }

    /**
     * Runs it to its end.
     *
     * @param arguments those after the word {@code rebalance}
     * @return the process's exit code: 0 done, 1 failed or stopped, 2 for arguments that cannot be meant
     */
    public static int run(
            List<String> arguments,
            Map<String, String> environment,
            Terminal terminal,
            Interruption interruption) {
        return Tool.run("rebalance", USAGE, arguments, terminal, () -> {
            CommonOptions.Draft common = new CommonOptions.Draft(environment);
            Draft own = parse(arguments, common);
            Sampling sampling = new Sampling(own.sampleSeconds, terminal, interruption);
            RebalanceCommand command = new RebalanceCommand(common.options(), own, sampling);
            return new Tool(terminal, interruption, command.common).carryOut(command::propose);
        });
    }

    private static Draft parse(List<String> words, CommonOptions.Draft common)
            throws ReshardFailure {
        Arguments arguments = new Arguments(words);
        Draft draft = new Draft();
        while (arguments.hasNext()) {
            String word = arguments.next();
            switch (word) {
                case "--by" -> draft.metric = Metric.named(arguments.valueOf(word));
                case "--use-empty-primaries" -> draft.usesEmpty = true;
                case "--threshold" ->
                    draft.thresholdPercent =
                            Arguments.decimal(word, arguments.valueOf(word), HIGHEST_PERCENT);
                case "--sample" ->
                    draft.sampleSeconds = arguments.numberOf(word, 0, LONGEST_SAMPLE_SECONDS);
                case "--weight" -> takeWeight(arguments.valueOf(word), draft);
                default -> common.take(word, arguments);
            }
        }
        return draft;
    }

    private static void takeWeight(String text, Draft draft) throws ReshardFailure {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw ReshardFailure.ofUsage("--weight takes NODE=W, not '" + text + "'");
        }
        double weight = Arguments.decimal("--weight", text.substring(equals + 1), HIGHEST_WEIGHT);
        draft.weights.put(text.substring(0, equals), weight);
    }

    private Proposal propose(Cluster cluster, ClusterMap map, Figures figures)
            throws ReshardFailure {
        List<Holding> holdings = holdings(map);
        long[] balanced = switch (metric) {
            case SLOTS -> ones();
            case KEYS -> figures.keys();
            case MEMORY -> figures.bytes().orElseThrow(() -> missing("memory"));
            case LOAD ->
                sampling.load(cluster, map, figures.cpuUsec().orElseThrow(() -> missing("load")));
        };
        Plan plan = metric == Metric.SLOTS
                ? EvenPlanner.plan(holdings, thresholdPercent)
                : FigurePlanner.plan(holdings, balanced, thresholdPercent);
        Deviation deviation = Deviation.of(holdings, balanced, plan);
        return new Proposal(plan, deviation.sentence(metric, thresholdPercent));
    }

    private static long[] ones() {
        long[] ones = new long[SlotRuns.SLOT_COUNT];
        Arrays.fill(ones, 1);
        return ones;
    }

    private List<Holding> holdings(ClusterMap map) throws ReshardFailure {
        Map<String, Double> byId = new HashMap<>();
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            byId.put(map.primary(weight.getKey()).id(), weight.getValue());
        }
        List<Holding> holdings = new ArrayList<>();
        double sum = 0;
        for (Member primary : map.primaries()) {
            if (usesEmpty || !primary.slots().isEmpty() || byId.containsKey(primary.id())) {
                double weight = byId.getOrDefault(primary.id(), 1.0);
                holdings.add(new Holding(primary.id(), weight, primary.slots()));
                sum += weight;
            }
        }
        if (sum == 0) {
            throw ReshardFailure.ofUsage("no primary is left with a weight above 0");
        }
        return holdings;
    }

    private static ReshardFailure missing(String what) {
        return new ReshardFailure("not every primary tells the " + what
                + " of its slots: CLUSTER SLOT-STATS must be known there, and be switched on by"
                + "\n  CONFIG SET cluster-slot-stats-enabled yes"
                + "\nWhere it is not known, --by keys works all the same.");
    }
}
