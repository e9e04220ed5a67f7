package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.keyspace.ValueEncoding;
import dev.slotmesh.keyspace.list.Quicklist;
import dev.slotmesh.keyspace.list.QuicklistNode;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.memory.Root;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.server.config.MemorySize;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.Optional;

/** DEBUG LISTPACK, QUICKLIST and QUICKLIST-PACKED-THRESHOLD. */
final class PackedDebug {
    private static final ErrorReply NOT_A_LISTPACK =
            new ErrorReply("ERR Not a listpack encoded object.");
    private static final ErrorReply NOT_A_QUICKLIST =
            new ErrorReply("ERR Not a quicklist encoded object.");
    private static final ErrorReply THRESHOLD = new ErrorReply(
            "ERR argument must be a memory value bigger than 1 and smaller than 4gb");
    /** 4 GiB less a mebibyte. */
    private static final long LARGEST_THRESHOLD = (1L << 32) - (1L << 20);

    /** Answers the subcommand if it is one of these; returns whether it is. */
    boolean debug(Call call) {
        if (call.is(1, "LISTPACK") && call.count() == 3) {
            withEntry(call, ValueEncoding.LISTPACK, NOT_A_LISTPACK, PackedDebug::listpack);
            call.reply().simpleString("Listpack structure printed on stdout");
        } else if (call.is(1, "QUICKLIST") && (call.count() == 3 || call.count() == 4)) {
            withEntry(call, ValueEncoding.QUICKLIST, NOT_A_QUICKLIST, PackedDebug::quicklist);
            call.reply().simpleString("Quicklist structure printed on stdout");
        } else if (call.is(1, "QUICKLIST-PACKED-THRESHOLD") && call.count() == 3) {
            call.keyspace().listPlainFrom(threshold(call.text(2)));
            call.reply().ok();
        } else {
            return false;
        }
        return true;
    }

    private static int threshold(String size) {
        Optional<Long> bytes = MemorySize.parse(size);
        if (bytes.isEmpty() || bytes.get() < 0 || bytes.get() > LARGEST_THRESHOLD) {
            throw THRESHOLD;
        }
        return bytes.get() == 0
                ? Quicklist.PLAIN_FROM
                : (int) Math.min(bytes.get(), Integer.MAX_VALUE);
    }

    private static void withEntry(
            Call call, ValueEncoding encoding, ErrorReply otherwise, Printer printer) {
        int number = HashSlot.of(call.span(2));
        SlotLocks locks = call.keyspace().locks();
        StringBuilder text = new StringBuilder();
        locks.lock(number);
        try {
            Slot slot = call.database().slot(number);
            long entry = slot.peek(call.span(2), call.nowMs());
            if (entry == Slot.ABSENT) {
                throw ErrorReply.NO_SUCH_KEY;
            }
            if (slot.encoding(entry) != encoding) {
                throw otherwise;
            }
            printer.print(slot, entry, text);
        } finally {
            locks.unlock(number);
        }
        System.out.print(text);
    }

    private static void listpack(Slot slot, long entry, StringBuilder into) {
        long listpack = Root.address(slot.root(entry));
        into.append("{total bytes ").append(Listpack.totalBytes(listpack));
        into.append("} {num entries ").append(Listpack.count(listpack)).append("}\n");
        ByteSpan text = new ByteSpan();
        try (NativeBuffer digits = new NativeBuffer(32)) {
            int at = Listpack.first(listpack);
            for (int i = 0; at != Listpack.NONE; i++) {
                long element = listpack + at;
                into.append("{index ").append(i).append("} {offset ").append(at);
                into.append("} {size ").append(ListpackEntry.size(element));
                into.append(ListpackEntry.isInteger(element) ? "} {int " : "} {str ");
                into.append(ListpackEntry.text(element, text, digits)).append("}\n");
                at = Listpack.next(listpack, at);
            }
        }
        into.append("{end}\n");
    }

    private static void quicklist(Slot slot, long entry, StringBuilder into) {
        long list = Lists.list(slot, entry);
        into.append("{count ").append(Quicklist.size(list));
        into.append("} {nodes ").append(Quicklist.nodeCount(list)).append("}\n");
        boolean shows = Quicklist.showsCompression(list);
        int i = 0;
        for (long node = Quicklist.firstNode(list); node != 0; node = QuicklistNode.next(node)) {
            into.append("{quicklist node ").append(i++);
            into.append("} {container ").append(QuicklistNode.isPlain(node) ? "PLAIN" : "PACKED");
            boolean isLzf = shows && QuicklistNode.isCompressed(node);
            into.append("} {encoding ").append(isLzf ? "LZF" : "RAW");
            into.append("} {size ").append(QuicklistNode.contentBytes(node));
            into.append("} {count ").append(QuicklistNode.elements(node)).append("}\n");
        }
    }

    @FunctionalInterface
    private interface Printer {
        void print(Slot slot, long entry, StringBuilder into);
    }
}
