package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.ManualFailover;

/** What may go wrong with a node, and when it is well again. */
enum Fault {
    /** The process ends and is started again before anybody takes its place. */
    KILLED_FOR_A_MOMENT(false),
    /** The process ends and is started again when all is over. */
    KILLED(false),
    /** The host loses power, and what was not on disk. */
    HOST_LOST(false),
    STOPPED_FOR_A_MOMENT(false),
    STOPPED(false),
    /** Nobody hears the node, and it hears nobody. */
    CUT_OFF_FOR_A_MOMENT(false),
    CUT_OFF(false),
    /** The node and the other end of the migration do not hear each other; all others hear both. */
    CUT_FROM_PEER(false),
    /** The node and both ends of the migration are cut off from the others. */
    CUT_OFF_TOGETHER(false),
    /** A replica of the node takes over, in agreement with it. */
    FAILOVER(true),
    /** A replica of the node takes over without asking it. */
    FAILOVER_FORCED(true),
    /** Both ends end, and the target is started first. */
    BOTH_KILLED(false),
    /** Both ends end, and the source is started at once, the target when others have taken its place. */
    BOTH_KILLED_TARGET_FOR_LONG(false),
    /** An operator raises the node's configEpoch. */
    BUMPED(false),
    /** An operator wants the slots to stay, at the source. */
    CANCELLED(false);

    private static final long MOMENT_MS = 350;
    /** Closed ports are evidence, and a successor is elected soon. */
    private static final long KILLED_MOMENT_MS = 100;

    private static final long LONG_MS = 4_000;

    /** Whether it takes a replica. */
    final boolean needsReplica;

    Fault(boolean needsReplica) {
        this.needsReplica = needsReplica;
    }

    /** Whether it is the same for every victim. */
    boolean concernsAll() {
        return this == BOTH_KILLED || this == BOTH_KILLED_TARGET_FOR_LONG || this == CANCELLED;
    }

    /** How long to look before everything is mended. */
    long lastsMs() {
        return switch (this) {
            case KILLED_FOR_A_MOMENT,
                    STOPPED_FOR_A_MOMENT,
                    CUT_OFF_FOR_A_MOMENT,
                    BUMPED,
                    CANCELLED -> MOMENT_MS + 1_500;
            default -> LONG_MS + 500;
        };
    }

    void strike(SlotTransferRun run, SlotCourier courier, SimulatedNode victim) {
        Simulation simulation = run.simulation();
        SimulatedNode source = courier.source.node();
        SimulatedNode target = courier.target.node();
        SimulatedNode peer = victim == source ? target : source;
        switch (this) {
            case KILLED_FOR_A_MOMENT -> kill(simulation, victim, KILLED_MOMENT_MS);
            case KILLED -> kill(simulation, victim, LONG_MS);
            case HOST_LOST -> {
                victim.loseHost(false);
                restart(simulation, victim, LONG_MS);
            }
            case STOPPED_FOR_A_MOMENT -> stop(simulation, victim, MOMENT_MS);
            case STOPPED -> stop(simulation, victim, LONG_MS);
            case CUT_OFF_FOR_A_MOMENT -> {
                simulation.network().cut((from, to) -> from == victim || to == victim);
                heal(simulation, MOMENT_MS);
            }
            case CUT_OFF -> {
                simulation.network().cut((from, to) -> from == victim || to == victim);
                heal(simulation, LONG_MS);
            }
            case CUT_FROM_PEER -> {
                simulation
                        .network()
                        .cut((from, to) ->
                                from == victim && to == peer || from == peer && to == victim);
                heal(simulation, LONG_MS);
            }
            case CUT_OFF_TOGETHER -> {
                simulation
                        .network()
                        .cut((from, to) -> isIn(from, victim, source, target)
                                != isIn(to, victim, source, target));
                heal(simulation, LONG_MS);
            }
            case FAILOVER -> failover(run, victim, ManualFailover.Kind.AGREED);
            case FAILOVER_FORCED -> failover(run, victim, ManualFailover.Kind.FORCE);
            case BOTH_KILLED -> {
                kill(simulation, source, LONG_MS);
                kill(simulation, target, LONG_MS / 2);
            }
            case BOTH_KILLED_TARGET_FOR_LONG -> {
                kill(simulation, source, KILLED_MOMENT_MS);
                kill(simulation, target, LONG_MS);
            }
            case BUMPED -> simulation.after(0, () -> victim.whenAwake(() -> bump(victim)));
            default ->
                simulation.after(
                        0,
                        () -> source.whenAwake(() -> {
                            if (courier.source.lives()) {
                                courier.source
                                        .transfers()
                                        .cancelExport(source.nowMs(), courier.name);
                            }
                        }));
        }
    }

    private static void bump(SimulatedNode victim) {
        ((SlotmeshMachine) victim.machine()).gossip().operator().bumpEpoch(victim.nowMs());
    }

    private static boolean isIn(SimulatedNode node, SimulatedNode... group) {
        for (SimulatedNode one : group) {
            if (one == node) {
                return true;
            }
        }
        return false;
    }

    private static void kill(Simulation simulation, SimulatedNode victim, long forMs) {
        if (victim.running()) {
            victim.kill();
            restart(simulation, victim, forMs);
        }
    }

    private static void restart(Simulation simulation, SimulatedNode victim, long afterMs) {
        simulation.after(afterMs * 1000, () -> {
            if (!victim.running()) {
                victim.start();
            }
        });
    }

    private static void stop(Simulation simulation, SimulatedNode victim, long forMs) {
        victim.pause();
        simulation.after(forMs * 1000, victim::resume);
    }

    private static void heal(Simulation simulation, long afterMs) {
        simulation.after(afterMs * 1000, () -> simulation.network().heal());
    }

    private static void failover(
            SlotTransferRun run, SimulatedNode victim, ManualFailover.Kind kind) {
        SimulatedNode replica = victim.number() == 0 ? run.node(5) : run.node(6);
        run.simulation().after(0, () -> replica.whenAwake(() -> replica.failover(kind)));
    }
}
