package dev.slotmesh.server.failover;

/** What can happen to a primary. */
enum Fault {
    /** {@code kill -9}. */
    KILL {
        @Override
        void strike(RealCluster cluster, Member member) {
            member.process().kill();
        }

        @Override
        void undo(RealCluster cluster, Member member) {
            member.process().restart();
        }
    },
    /** {@code SIGSTOP}. */
    FREEZE {
        @Override
        void strike(RealCluster cluster, Member member) {
            member.process().freeze();
        }

        @Override
        void undo(RealCluster cluster, Member member) {
            member.process().goOn();
        }
    },
    /** Its cable to all others is cut. */
    CUT {
        @Override
        void strike(RealCluster cluster, Member member) {
            cluster.cut(member);
        }

        @Override
        void undo(RealCluster cluster, Member member) {
            cluster.mend(member);
        }
    };

    /** Lets it happen. */
    abstract void strike(RealCluster cluster, Member member);

    /** Puts an end to it. */
    abstract void undo(RealCluster cluster, Member member);
}
