package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;
import static dev.slotmesh.keyspace.rdb.RdbFormatException.requireElements;

import dev.slotmesh.keyspace.EncodingLimits;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.list.Quicklist;
import dev.slotmesh.keyspace.list.QuicklistNode;
import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;

/**
 * Lists. Node by node as they are, so that both sides have the same nodes:
 *
 * <pre>
 *  LIST_QUICKLIST_2  count of nodes, each: container (1 an element, 2 a listpack), string
 * </pre>
 */
final class ListForms {
    private static final int PLAIN = 1;
    private static final int PACKED = 2;

    private ListForms() {}

    static void write(RdbWriter out, Slot slot, long entry) {
        long list = Root.address(slot.root(entry));
        ByteSpan content = new ByteSpan();
        out.writeLength(Quicklist.nodeCount(list));
        for (long node = Quicklist.firstNode(list); node != 0; node = QuicklistNode.next(node)) {
            out.writeLength(QuicklistNode.isPlain(node) ? PLAIN : PACKED);
            QuicklistNode.content(node, content);
            if (!QuicklistNode.isCompressed(node)) {
                out.writeString(content);
            } else if (out.isCompressing() || Quicklist.showsCompression(list)) {
                out.writeCompressed(
                        content.address(), content.length(), QuicklistNode.contentBytes(node));
            } else {
                writeDecompressed(out, node);
            }
        }
    }

    private static void writeDecompressed(RdbWriter out, long node) {
        int bytes = QuicklistNode.contentBytes(node);
        try (NativeBuffer listpack = new NativeBuffer(bytes)) {
            ByteSpan plain = listpack.room(bytes);
            QuicklistNode.decompress(node, plain.address());
            out.writeString(plain);
        }
    }

    static long read(RdbReader in, int type, ValueTarget target) {
        Slot slot = target.slot();
        EncodingLimits limits = slot.database().keyspace().encodingLimits();
        ArenaStripe stripe = slot.stripe();
        long entry = slot.create(target.key(), KeyType.LIST, Slot.NO_EXPIRY, target.nowMs());
        long list = Quicklist.create(stripe, limits.listNodeSize(), limits.listCompressDepth());
        slot.root(entry, ValueEncoding.QUICKLIST, Root.of(stripe, list));
        ByteSpan text = new ByteSpan();
        if (type == RdbType.LIST_ZIPLIST) {
            PackedText.ofZiplist(in.readString(text), element -> push(stripe, list, element));
        } else {
            for (int left = in.readCount(); left > 0; left--) {
                readPart(in, type, stripe, list);
            }
        }
        requireElements(Quicklist.size(list) > 0, "a list without elements");
        return entry;
    }

    /** A node, or of the oldest form an element. */
    private static void readPart(RdbReader in, int type, ArenaStripe stripe, long list) {
        ByteSpan text = new ByteSpan();
        long container = type == RdbType.LIST_QUICKLIST_2 ? in.readNumber() : 0;
        in.readString(text);
        if (type == RdbType.LIST) {
            push(stripe, list, text);
        } else if (type == RdbType.LIST_QUICKLIST) {
            appendZiplist(stripe, list, text);
        } else if (container == PLAIN) {
            Quicklist.appendPlain(stripe, list, text);
        } else {
            require(container == PACKED, "an unknown container");
            require(Listpack.isValid(text.address(), text.length()), "a broken listpack");
            if (!Listpack.isEmpty(text.address())) {
                Quicklist.append(stripe, list, text);
            }
        }
    }

    private static void push(ArenaStripe stripe, long list, ByteSpan element) {
        Quicklist.push(stripe, list, false, element, Quicklist.PLAIN_FROM);
    }

    /** A ziplist becomes a node of its own, too. */
    private static void appendZiplist(ArenaStripe stripe, long list, ByteSpan ziplist) {
        long listpack = PackedText.ziplistToListpack(ziplist, stripe);
        if (!Listpack.isEmpty(listpack)) {
            int bytes = Listpack.totalBytes(listpack);
            Quicklist.append(stripe, list, new ByteSpan().set(listpack, bytes));
        }
        Listpack.free(stripe, listpack);
    }
}
