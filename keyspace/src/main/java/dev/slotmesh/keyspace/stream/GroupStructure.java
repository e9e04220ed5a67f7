package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.Structure;

/** A consumer group that was taken out of its stream, with its consumers and all that is pending. */
public final class GroupStructure implements Structure {
    @Override
    public long free(ArenaStripe stripe, long group, int blocks) {
        if (empty(stripe, group, blocks) == blocks) {
            return group;
        }
        NameTable.freeNamed(stripe, group);
        return 0;
    }

    /** Frees up to so many blocks below a group. Returns how many; when they are fewer, nothing is left. */
    static int empty(ArenaStripe stripe, long group, int most) {
        int freed = dropLeaves(stripe, Groups.pending(group), most);
        long consumers = Groups.consumers(group);
        while (freed < most && NameTable.size(consumers) > 0) {
            long consumer = NameTable.last(consumers);
            freed += dropLeaves(stripe, Consumers.pending(consumer), most - freed);
            if (freed < most) {
                NameTable.remove(stripe, consumers, consumer);
                NameTable.freeNamed(stripe, consumer);
                freed++;
            }
        }
        return freed;
    }

    private static int dropLeaves(ArenaStripe stripe, long tree, int most) {
        int dropped = 0;
        while (dropped < most && IdTree.size(tree) > 0) {
            IdTree.dropLastLeaf(stripe, tree);
            dropped++;
        }
        return dropped;
    }

    @Override
    public long blocks(long group) {
        return 1 + Consumers.count(group) + Groups.pendingCount(group) / (IdPage.FULL / 2);
    }

    /** Makes a copy that is in no stream yet. */
    @Override
    public long copy(long group, ArenaStripe into) {
        ByteSpan name = new ByteSpan();
        long copy = Groups.allocate(into, Groups.name(group, name), Groups.lastId(group));
        Groups.entriesRead(copy, Groups.entriesRead(group));
        Consumers.forEach(
                group,
                consumer -> Consumers.create(
                        into, copy, Consumers.name(consumer, name), Consumers.seenTime(consumer)));
        Pending.copyAll(into, group, copy);
        return copy;
    }

    @Override
    public long bytes(long group, int samples) {
        long[] sum = {
            ArenaStripe.blockSize(NameTable.namedBytes(group))
                    + IdTree.bytes(Groups.pending(group))
                    + NameTable.tableBytes(Groups.consumers(group))
        };
        Consumers.forEach(
                group,
                consumer -> sum[0] += ArenaStripe.blockSize(NameTable.namedBytes(consumer))
                        + IdTree.bytes(Consumers.pending(consumer)));
        return sum[0];
    }
}
