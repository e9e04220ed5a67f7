package dev.slotmesh.server.replication;

import dev.slotmesh.server.persistence.RdbContent;
import dev.slotmesh.server.session.ReplicaTraits.Trait;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The moment of a full resync: which replicas share it, and where in the stream it is. Taken on one thread under the world lock;
 * then read by others.
 */
final class ResyncCut {
    /** A replica and the place from which it follows the log afterwards; null when it does not. */
    record Member(Replica replica, ByteChain.Cursor cursor) {}

    private final ReplicationLog log;
    private final ReplicationState state;
    private final boolean withoutKeys;
    private final List<Member> members = new ArrayList<>();
    private String id = ReplicationId.NONE;
    private long offset;
    private int database;

    /** @param withoutKeys whether it is for replicas that want no keys */
    ResyncCut(ReplicationLog log, ReplicationState state, boolean withoutKeys) {
        this.log = log;
        this.state = state;
        this.withoutKeys = withoutKeys;
    }

    /** Takes in the replicas among these that want the same; the world lock is held. */
    void take(List<Replica> waiting) {
        id = state.replicationId();
        offset = log.endOffset();
        database = log.readerBegins();
        for (Replica replica : waiting) {
            if (replica.traits().has(Trait.WITHOUT_KEYS) == withoutKeys) {
                members.add(member(replica));
            }
        }
    }

    /** One more; the stream from the cut on must still be kept. Null when it is not. */
    Member join(Replica replica) {
        Member member = member(replica);
        boolean kept = member.cursor != null || replica.traits().has(Trait.SNAPSHOT_ONLY);
        return kept ? member : null;
    }

    private Member member(Replica replica) {
        boolean follows = !replica.traits().has(Trait.SNAPSHOT_ONLY);
        return new Member(replica, follows ? log.open(offset) : null);
    }

    List<Member> members() {
        return members;
    }

    /** The line that tells a replica of the cut. */
    String announcement() {
        return "+FULLRESYNC " + id + " " + offset + "\r\n";
    }

    /** What the snapshot tells of itself, in Redis's order. */
    Map<String, String> aux(long usedBytes) {
        return RdbContent.head(usedBytes, new SavedHistory(id, offset, database).head(), false);
    }
}
