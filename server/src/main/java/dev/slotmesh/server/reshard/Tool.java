package dev.slotmesh.server.reshard;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * What both tools do: look at the cluster, make a plan and show it, ask, carry it out, look again. Slots that an earlier run has
 * left half-way are finished first.
 */
final class Tool {
    private static final long PATIENCE_BEFORE_MS = 10_000;
    private static final long PATIENCE_AFTER_MS = 30_000;
    private static final int FAILED = 1;
    private static final String TO_BE_MOVED = "To be moved:";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Terminal terminal;
    private final Interruption interruption;
    private final CommonOptions options;

    Tool(Terminal terminal, Interruption interruption, CommonOptions options) {
        this.terminal = terminal;
        this.interruption = interruption;
        this.options = options;
    }

    /** Something that ends with an exit code. */
    @FunctionalInterface
    interface Work {
        int run() throws ReshardFailure;
    }

    /** Runs a tool, or says how it is used; failures become lines for the operator. */
    static int run(
            String name, String usage, List<String> arguments, Terminal terminal, Work work) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.line(usage.stripTrailing());
            return 0;
        }
        try {
            return work.run();
        } catch (ReshardFailure failure) {
            terminal.error("slotmesh " + name + ": " + failure.getMessage());
            if (failure.exitCode() != FAILED) {
                terminal.error("slotmesh " + name + " --help shows how it is used");
            }
            return failure.exitCode();
        }
    }

    /** From the first look to the last line. */
    int carryOut(Planner planner) throws ReshardFailure {
        try (Cluster cluster = new Cluster(
                options.seed(), options.credentials(), options.keys().timeoutMs(), interruption)) {
            Inspection inspection = Inspection.ofSound(cluster, PATIENCE_BEFORE_MS, interruption);
            Figures figures = FigureReader.read(cluster, inspection.map());
            Plan unfinished = unfinished(inspection);
            ClusterMap map = inspection.map().after(unfinished);
            Proposal proposal = planner.propose(cluster, map, figures);
            Plan plan = proposal.plan();
            show(inspection.map(), map.after(plan), figures);
            if (!proposal.remark().isEmpty()) {
                terminal.line(proposal.remark());
            }
            if (plan.isEmpty() && unfinished.isEmpty()) {
                terminal.line("Nothing has to be moved.");
                return 0;
            }
            List<Stage> stages = List.of(
                    Stage.byKeys("Left half-way by an earlier run, finished first:", unfinished),
                    options.keys().always()
                            ? Stage.byKeys(TO_BE_MOVED, plan)
                            : Stage.best(TO_BE_MOVED, plan, map, cluster));
            stages.forEach(stage -> show(stage, map, figures));
            if (options.isDryRun()) {
                return 0;
            }
            agree();
            interruption.underWay(true);
            try {
                return undertake(cluster, stages, map, figures);
            } finally {
                interruption.underWay(false);
            }
        }
    }

    private static Plan unfinished(Inspection inspection) {
        Plan.Draft draft = new Plan.Draft();
        inspection.open().forEach(open -> draft.add(open.ownerId(), open.targetId(), open.slot()));
        return draft.plan();
    }

    private void show(ClusterMap before, ClusterMap after, Figures figures) {
        terminal.line(PlanTable.ofPrimaries(before, after, figures));
        terminal.line("");
        for (Member primary : before.primaries()) {
            if (!primary.slots().isEmpty()
                    && after.byId(primary.id()).orElseThrow().slots().isEmpty()) {
                terminal.line(primary + " is left without slots and becomes a replica of who takes"
                        + " the last one,\nunless cluster-allow-replica-migration is no there.");
            }
        }
    }

    private void show(Stage stage, ClusterMap map, Figures figures) {
        if (!stage.plan().isEmpty()) {
            terminal.line(stage.title());
            terminal.line(PlanTable.ofMoves(stage, map, figures));
            terminal.line("");
        }
    }

    private void agree() throws ReshardFailure {
        if (options.isAgreed()) {
            return;
        }
        if (!terminal.isInteractive()) {
            throw ReshardFailure.ofUsage(
                    "nobody is there to agree: add --yes, or --dry-run to look only");
        }
        if (!terminal.confirm("Move them?")) {
            throw new ReshardFailure("nothing was changed");
        }
    }

    private int undertake(Cluster cluster, List<Stage> stages, ClusterMap map, Figures figures)
            throws ReshardFailure {
        long start = System.nanoTime();
        int slots = 0;
        long keys = 0;
        for (Stage stage : stages) {
            Progress progress = new Progress(terminal, stage.plan(), figures, System::nanoTime);
            new SlotMover(cluster, map, progress, interruption).move(stage.wholeSlots());
            new KeyMover(cluster, map, options.keys(), progress, interruption)
                    .move(stage.keyByKey());
            slots += progress.slotsMoved();
            keys += progress.keysMoved();
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        String moved = String.format(
                Locale.ROOT, "%,d slots with %,d keys in %.1f s", slots, keys, seconds);
        int wanted = stages.stream().mapToInt(stage -> stage.plan().slotCount()).sum();
        if (slots < wanted) {
            terminal.error("Stopped as asked: moved " + moved + ", of " + Amounts.count(wanted)
                    + " slots. No slot is half-way; run it again to go on.");
            return FAILED;
        }
        lookAgain(cluster, stages.stream().map(Stage::plan).toList());
        terminal.line("Moved " + moved + "; all primaries agree.");
        return 0;
    }

    private void lookAgain(Cluster cluster, List<Plan> stages) throws ReshardFailure {
        Inspection after = Inspection.ofSound(cluster, PATIENCE_AFTER_MS, interruption);
        if (!after.open().isEmpty()) {
            throw new ReshardFailure("slots are open again, of somebody else's making");
        }
        for (Plan stage : stages) {
            for (Move move : stage.moves()) {
                BitSet missing = (BitSet) move.slots().clone();
                after.map()
                        .byId(move.targetId())
                        .ifPresent(target -> missing.andNot(target.slots()));
                missing.andNot(laterMoved(stages, stage));
                if (!missing.isEmpty()) {
                    throw new ReshardFailure("slots " + SlotRuns.text(missing)
                            + " were moved and have another owner now");
                }
            }
        }
    }

    /** Slots that a later stage has moved on. */
    private static BitSet laterMoved(List<Plan> stages, Plan stage) {
        BitSet moved = new BitSet(SlotRuns.SLOT_COUNT);
        stages.subList(stages.indexOf(stage) + 1, stages.size())
                .forEach(later -> moved.or(later.slots()));
        return moved;
    }
}
