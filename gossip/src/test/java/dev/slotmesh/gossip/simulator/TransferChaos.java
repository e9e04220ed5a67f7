package dev.slotmesh.gossip.simulator;

import java.util.SplittableRandom;

/** One seeded run: the slots go to and fro, and faults of all kinds strike at steps of the migrations and between them. */
final class TransferChaos implements SeededRuns.Scenario {
    private static final int MIGRATIONS = 6;
    private static final TransferStep[] STEPS = TransferStep.values();
    private static final Fault[] FAULTS = Fault.values();

    private final SlotTransferRun run;
    private final SplittableRandom random;

    TransferChaos(long seed) {
        run = new SlotTransferRun(seed, seed % 3 != 0);
        random = run.simulation().random().split();
    }

    @Override
    public Simulation simulation() {
        return run.simulation();
    }

    @Override
    public void run() {
        run.start();
        for (int i = 0; i < MIGRATIONS; i++) {
            TransferStep fatal = STEPS[random.nextInt(STEPS.length)];
            boolean strikes = random.nextInt(4) > 0;
            boolean[] struck = new boolean[1];
            run.faults((courier, step) -> {
                if (strikes && step == fatal && !struck[0]) {
                    struck[0] = true;
                    strike(courier);
                }
            });
            migrate();
            run.simulation().runFor(200 + random.nextInt(4_000));
        }
        run.settle();
    }

    private void migrate() {
        SimulatedNode from = run.owner();
        SimulatedNode to = run.node(random.nextInt(SlotTransferRun.NODES));
        boolean possible = from != null
                && from != to
                && from.running()
                && !from.paused()
                && to.lives() > 0
                && run.isOver();
        if (possible) {
            run.migrate(from, to);
        }
    }

    private void strike(SlotCourier courier) {
        Fault fault = FAULTS[random.nextInt(FAULTS.length)];
        SimulatedNode victim = run.node(random.nextInt(SlotTransferRun.NODES));
        if (fault.needsReplica) {
            victim = random.nextBoolean() ? run.node(0) : run.node(1);
        } else if (random.nextBoolean()) {
            victim = random.nextBoolean() ? courier.source.node() : courier.target.node();
        }
        fault.strike(run, courier, victim);
    }
}
