package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code slotmesh reshard}: slots for one primary, from certain others or from all. */
public final class ReshardCommand {
    private static final String ALL = "all";
    private static final String USAGE = """
            Usage: slotmesh reshard HOST:PORT --to NODE --slots N [--from NODE[,NODE...]|all] [option ...]
                   slotmesh reshard HOST:PORT --to NODE --slots-range A-B[,C-D...] [option ...]

            Moves hash slots to a primary while the cluster serves its clients. HOST:PORT is any node of it;
            a NODE is a primary's ID, an unmistakable beginning of it, or its HOST:PORT.

              --to NODE         who gets the slots
              --from NODE,...   who gives them, each in proportion to what it has (default all others)
              --slots N         how many
              --slots-range A-B which, of those that the givers have
            """ + CommonOptions.USAGE + """

            Examples:
              slotmesh reshard 127.0.0.1:7000 --to 127.0.0.1:7003 --slots 4096
              slotmesh reshard 127.0.0.1:7000 --from 6df0a3c1,b7c24e90 --to 4e1f77aa --slots 1000 --yes
              slotmesh reshard 127.0.0.1:7000 --to 127.0.0.1:7001 --slots-range 0-99,500 --dry-run
            """;

    private final CommonOptions common;
    private final String to;
    private final List<String> from;
    private final int count;
    private final Optional<BitSet> slots;

    private ReshardCommand(
            CommonOptions common, String to, List<String> from, int count, Optional<BitSet> slots) {
        this.common = common;
        this.to = to;
        this.from = from;
        this.count = count;
        this.slots = slots;
    }

    /**
     * Runs it to its end.
     *
     * @param arguments those after the word {@code reshard}
     * @return the process's exit code: 0 done, 1 failed or stopped, 2 for arguments that cannot be meant
     */
    public static int run(
            List<String> arguments,
            Map<String, String> environment,
            Terminal terminal,
            Interruption interruption) {
        return Tool.run("reshard", USAGE, arguments, terminal, () -> {
            ReshardCommand command = parse(arguments, environment);
            return new Tool(terminal, interruption, command.common).carryOut(command::propose);
        });
    }

    private static ReshardCommand parse(List<String> words, Map<String, String> environment)
            throws ReshardFailure {
        Arguments arguments = new Arguments(words);
        CommonOptions.Draft common = new CommonOptions.Draft(environment);
        String to = "";
        List<String> from = List.of(ALL);
        int count = 0;
        Optional<BitSet> slots = Optional.empty();
        while (arguments.hasNext()) {
            String word = arguments.next();
            switch (word) {
                case "--to" -> to = arguments.valueOf(word);
                case "--from" -> from = List.of(arguments.valueOf(word).split(","));
                case "--slots" -> count = arguments.numberOf(word, 1, SlotRuns.SLOT_COUNT);
                case "--slots-range" ->
                    slots = Optional.of(SlotRuns.parse(arguments.valueOf(word)));
                default -> common.take(word, arguments);
            }
        }
        CommonOptions options = common.options();
        if (to.isEmpty()) {
            throw ReshardFailure.ofUsage("--to is missing");
        }
        if (count > 0 == slots.isPresent()) {
            throw ReshardFailure.ofUsage("either --slots or --slots-range is needed");
        }
        return new ReshardCommand(options, to, from, count, slots);
    }

    private Proposal propose(Cluster cluster, ClusterMap map, Figures figures)
            throws ReshardFailure {
        return new Proposal(plan(map), "");
    }

    private Plan plan(ClusterMap map) throws ReshardFailure {
        Member target = map.primary(to);
        List<Holding> sources = new ArrayList<>();
        for (Member source : sources(map)) {
            if (!source.id().equals(target.id())) {
                sources.add(new Holding(source.id(), 0, source.slots()));
            } else if (!from.contains(ALL)) {
                throw ReshardFailure.ofUsage(target + " is to give and to get the slots");
            }
        }
        if (slots.isPresent()) {
            return ofCertain(slots.get(), sources, target);
        }
        int most = sources.stream().mapToInt(Holding::slotCount).sum();
        if (count > most) {
            throw ReshardFailure.ofUsage(
                    "--slots " + count + ": the givers have " + most + " slots");
        }
        return SharePlanner.byCount(sources, target.id(), count);
    }

    private List<Member> sources(ClusterMap map) throws ReshardFailure {
        if (from.contains(ALL)) {
            return map.primaries();
        }
        List<Member> sources = new ArrayList<>();
        for (String named : from) {
            Member source = map.primary(named);
            if (!sources.contains(source)) {
                sources.add(source);
            }
        }
        return sources;
    }

    private static Plan ofCertain(BitSet slots, List<Holding> sources, Member target)
            throws ReshardFailure {
        BitSet missing = (BitSet) slots.clone();
        missing.andNot(target.slots());
        sources.forEach(source -> missing.andNot(source.slots()));
        if (!missing.isEmpty()) {
            throw ReshardFailure.ofUsage(
                    "--slots-range: none of the givers has " + SlotRuns.text(missing));
        }
        return SharePlanner.bySlots(sources, target.id(), slots);
    }
}
