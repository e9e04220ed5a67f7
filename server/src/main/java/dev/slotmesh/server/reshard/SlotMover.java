package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves slots whole, by atomic slot migration: the source sends keys and changes by itself, and the slots change hands at the
 * end. Sources work at the same time, each on one job. What is left of a job that fails is as if it had never begun.
 */
final class SlotMover implements Mover {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Cluster cluster;
    private final ClusterMap map;
    private final Progress progress;
    private final Interruption interruption;

    SlotMover(Cluster cluster, ClusterMap map, Progress progress, Interruption interruption) {
        this.cluster = cluster;
        this.map = map;
        this.progress = progress;
        this.interruption = interruption;
    }

    /** Whether both ends of a move know how. */
    static boolean canMove(Move move, ClusterMap map, Cluster cluster) throws ReshardFailure {
        for (String id : List.of(move.sourceId(), move.targetId())) {
            Member member = map.byId(id).orElseThrow();
            if (MigrationJob.allOf(cluster.to(member)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void move(List<Move> moves) throws ReshardFailure {
        List<SourceJobs> sources = new ArrayList<>();
        for (Move move : moves) {
            Member source = map.byId(move.sourceId()).orElseThrow();
            SourceJobs jobs = sources.stream()
                    .filter(each -> each.source().equals(source))
                    .findFirst()
                    .orElse(null);
            if (jobs == null) {
                jobs = new SourceJobs(source, cluster.to(source), progress);
                sources.add(jobs);
            }
            jobs.add(move);
        }
        try {
            carryOut(sources);
        } catch (ReshardFailure failure) {
            endAll(sources, failure);
            throw failure;
        }
    }

    private void carryOut(List<SourceJobs> sources) throws ReshardFailure {
        boolean isCancelled = false;
        boolean goesOn = true;
        while (goesOn) {
            boolean stops = interruption.isAsked();
            goesOn = false;
            for (SourceJobs jobs : sources) {
                if (stops && !isCancelled) {
                    jobs.cancel();
                }
                goesOn |= jobs.turn(!stops);
            }
            isCancelled = stops;
            progress.show();
            if (goesOn) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    /** One source has failed for good: the others are not left to work behind the operator's back. */
    private static void endAll(List<SourceJobs> sources, ReshardFailure reason) {
        for (SourceJobs jobs : sources) {
            try {
                jobs.cancel();
            } catch (ReshardFailure alsoBroken) {
                reason.addSuppressed(alsoBroken);
            }
        }
    }
}
