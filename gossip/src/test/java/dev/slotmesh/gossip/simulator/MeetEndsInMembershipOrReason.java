package dev.slotmesh.gossip.simulator;

import dev.slotmesh.gossip.Notice;

import java.util.ArrayList;
import java.util.List;

/**
 * Every CLUSTER MEET asked of a node that tells outcomes ends: both list each other, or the operator was told a reason. What
 * the asking process had begun ends with it.
 */
public final class MeetEndsInMembershipOrReason implements Invariant {
    private final List<Asked> asked = new ArrayList<>();

    private record Asked(SimulatedNode from, SimulatedNode to, int life, int noticesBefore) {}

    /** Has one node meet another and expects an end. */
    public void meet(SimulatedNode from, SimulatedNode to) {
        asked.add(new Asked(from, to, from.lives(), from.notices().size()));
        from.meet(to);
    }

    @Override
    public void settled(Simulation simulation) {
        for (Asked meet : asked) {
            boolean over = meet.from.kind() != NodeKind.SLOTMESH
                    || meet.life != meet.from.lives()
                    || (meet.from.lists(meet.to) && meet.to.lists(meet.from))
                    || wasTold(meet);
            Violation.unless(
                    over, "MEET of %s by %s never ended", meet.to.name(), meet.from.name());
        }
    }

    private static boolean wasTold(Asked meet) {
        List<Notice> notices = meet.from.notices();
        return notices.subList(meet.noticesBefore, notices.size()).stream()
                .anyMatch(notice -> notice instanceof Notice.MeetEnded ended
                        && ended.ip().equals(meet.to.ip())
                        && ended.outcome().last());
    }
}
