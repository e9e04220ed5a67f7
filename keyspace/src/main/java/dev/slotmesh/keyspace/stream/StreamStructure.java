package dev.slotmesh.keyspace.stream;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.Structure;

/** A whole stream: its head, nodes and groups. */
public final class StreamStructure implements Structure {
    private static final GroupStructure GROUP = new GroupStructure();

    @Override
    public long free(ArenaStripe stripe, long stream, int blocks) {
        int left = blocks;
        long nodes = StreamHead.nodes(stream);
        while (left > 0 && IdTree.size(nodes) > 0) {
            long place = IdTree.last(nodes);
            long record = IdTree.record(place);
            StreamNode.free(stripe, StreamEntries.node(record));
            IdTree.remove(stripe, nodes, IdPage.ms(record), IdPage.seq(record));
            left--;
        }
        long groups = StreamHead.groups(stream);
        while (left > 0 && NameTable.size(groups) > 0) {
            long group = NameTable.last(groups);
            left -= GroupStructure.empty(stripe, group, left);
            if (left > 0) {
                NameTable.remove(stripe, groups, group);
                NameTable.freeNamed(stripe, group);
                left--;
            }
        }
        if (left <= 0) {
            return stream;
        }
        StreamHead.free(stripe, stream);
        return 0;
    }

    @Override
    public long blocks(long stream) {
        long[] sum = {1 + StreamHead.nodeCount(stream)};
        Groups.forEach(stream, group -> sum[0] += GROUP.blocks(group));
        return sum[0];
    }

    @Override
    public long copy(long stream, ArenaStripe into) {
        long copy = StreamHead.create(into);
        StreamHead.copyNumbers(stream, copy);
        long nodes = StreamHead.nodes(stream);
        for (long place = IdTree.first(nodes); place != 0; place = IdTree.next(place)) {
            long record = IdTree.record(place);
            long listpack = StreamNode.listpack(StreamEntries.node(record));
            StreamEntries.enter(
                    into,
                    copy,
                    StreamNode.copyOf(into, listpack),
                    IdPage.ms(record),
                    IdPage.seq(record));
        }
        StreamEntries.findTail(copy);
        Groups.forEach(
                stream,
                group -> NameTable.insert(into, StreamHead.groups(copy), GROUP.copy(group, into)));
        return copy;
    }

    @Override
    public long bytes(long stream, int samples) {
        long nodes = StreamHead.nodes(stream);
        long sum = StreamHead.blockBytes() + IdTree.bytes(nodes);
        long counted = 0;
        long ofNodes = 0;
        for (long place = IdTree.first(nodes);
                place != 0 && (samples == 0 || counted < samples);
                place = IdTree.next(place)) {
            ofNodes += StreamNode.capacity(StreamEntries.node(IdTree.record(place)));
            counted++;
        }
        long count = IdTree.size(nodes);
        sum += counted == 0 ? 0 : counted == count ? ofNodes : ofNodes / counted * count;
        long[] total = {sum + NameTable.tableBytes(StreamHead.groups(stream))};
        Groups.forEach(stream, group -> total[0] += GROUP.bytes(group, samples));
        return total[0];
    }
}
