package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * Changes to a list at a {@link ListCursor} that stands on an element. Each takes constant time in the length of the list:
 * at most two nodes are rewritten.
 */
public final class QuicklistEdits {
    private QuicklistEdits() {}

    /**
     * Takes the element away and goes to the next one, or with {@code forwards} false to the previous one.
     *
     * @return whether there is one
     */
    public static boolean delete(ListCursor at, boolean forwards) {
        long node = at.node();
        long list = at.list();
        Quicklist.addElements(list, -1);
        if (QuicklistNode.elements(node) == 1) {
            at.edit();
            node = at.node();
            long other = forwards ? QuicklistNode.next(node) : QuicklistNode.previous(node);
            Quicklist.unlink(at.stripe(), list, node);
            at.gone();
            return at.enter(other, forwards);
        }
        at.edit();
        return deleteOfMany(at, forwards);
    }

    private static boolean deleteOfMany(ListCursor at, boolean forwards) {
        long node = at.node();
        long listpack = at.listpack();
        int position = at.position();
        int bytes = ListpackEntry.size(listpack + position);
        int previous = Listpack.previous(listpack, position);
        boolean wasLast = position + bytes == Listpack.end(listpack);
        if (previous == Listpack.NONE) {
            QuicklistNode.dropFirst(node, bytes, 1);
            at.moved(node);
        } else if (wasLast) {
            QuicklistNode.dropLast(node, bytes, 1);
        } else {
            Listpack.close(listpack, position, bytes, 1);
            QuicklistNode.measure(node, QuicklistNode.elements(node) - 1);
        }
        if (forwards) {
            return !wasLast || at.enter(QuicklistNode.next(node), true);
        }
        if (previous == Listpack.NONE) {
            return at.enter(QuicklistNode.previous(node), false);
        }
        at.position(previous);
        return true;
    }

    /**
     * Adds an element before or after the cursor's, which is then to be closed.
     *
     * @param plainFrom as for {@link Quicklist#push}
     */
    public static void insert(ListCursor at, boolean before, ByteSpan value, int plainFrom) {
        at.edit();
        long list = at.list();
        Quicklist.addElements(list, 1);
        long node = at.node();
        boolean isPlain = value.length() >= plainFrom;
        int bytes = isPlain ? 0 : ListpackEntry.sizeOf(value);
        long listpack = at.listpack();
        if (listpack == 0) {
            insertBeside(at, before, value, isPlain);
            return;
        }
        int position = before
                ? at.position()
                : at.position() + ListpackEntry.size(listpack + at.position());
        if (!isPlain && NodeRoom.accepts(list, node, bytes)) {
            ListpackEntry.write(value, open(at, position, bytes));
        } else if (position == Listpack.HEADER_BYTES || position == Listpack.end(listpack)) {
            insertBeside(at, before, value, isPlain);
        } else {
            NodeMerge.split(at.stripe(), list, node, position);
            insertBetween(at, node, value, isPlain);
        }
    }

    /**
     * Puts another value in the place of the cursor's element. The cursor is then to be closed.
     *
     * @param plainFrom as for {@link Quicklist#push}
     */
    public static void replace(ListCursor at, ByteSpan value, int plainFrom) {
        at.edit();
        long node = at.node();
        if (at.listpack() != 0 && value.length() < plainFrom) {
            int position = at.position();
            int bytes = ListpackEntry.sizeOf(value);
            int more = bytes - ListpackEntry.size(at.listpack() + position);
            if (more <= 0
                    || QuicklistNode.elements(node) == 1
                    || QuicklistNode.usedBytes(node) + (long) more
                            <= Quicklist.mostNodeBytes(at.list())) {
                resize(at, position, more, 0);
                ListpackEntry.write(value, at.listpack() + position);
                return;
            }
        }
        insert(at, false, value, plainFrom);
        delete(at, true);
    }

    /** The node takes no more, or is plain: the value goes to the neighbour, or between. */
    private static void insertBeside(
            ListCursor at, boolean before, ByteSpan value, boolean isPlain) {
        long node = at.node();
        long left = before ? QuicklistNode.previous(node) : node;
        insertBetween(at, left, value, isPlain);
    }

    /** Puts a value between a node (0: before all) and the next one: into one of them, or into a node of its own. */
    private static void insertBetween(ListCursor at, long left, ByteSpan value, boolean isPlain) {
        long list = at.list();
        if (isPlain) {
            Quicklist.link(list, left, Quicklist.newPlain(at.stripe(), value));
            return;
        }
        int bytes = ListpackEntry.sizeOf(value);
        long right = left == 0 ? Quicklist.firstNode(list) : QuicklistNode.next(left);
        if (left != 0 && NodeRoom.accepts(list, left, bytes)) {
            ListpackEntry.write(value, extend(at, left, false, bytes));
        } else if (right != 0 && NodeRoom.accepts(list, right, bytes)) {
            ListpackEntry.write(value, extend(at, right, true, bytes));
        } else {
            long node = NodeRoom.newPacked(at.stripe(), bytes, 0);
            Listpack.initialise(QuicklistNode.listpack(node));
            Quicklist.link(list, left, node);
            ListpackEntry.write(value, QuicklistNode.openLast(node, bytes));
        }
    }

    /** Opens a gap at one end of a node that accepts it. Returns where to write. */
    private static long extend(ListCursor at, long node, boolean first, int bytes) {
        boolean isCursors = node == at.node();
        long roomy = NodeCompression.expand(at.stripe(), at.list(), node);
        int room = first ? QuicklistNode.roomBefore(roomy) : QuicklistNode.roomAfter(roomy);
        if (room < bytes) {
            roomy = NodeRoom.makeRoom(at.stripe(), at.list(), roomy, first, bytes);
        }
        long entry = first
                ? QuicklistNode.openFirst(roomy, bytes)
                : QuicklistNode.openLast(roomy, bytes);
        if (isCursors) {
            at.moved(roomy);
            at.position(first ? at.position() + bytes : at.position());
        }
        return entry;
    }

    /** Opens a gap for one more element inside the cursor's node. Returns where to write. */
    private static long open(ListCursor at, int position, int bytes) {
        resize(at, position, bytes, 1);
        if (position <= at.position()) {
            at.position(at.position() + bytes);
        }
        return at.listpack() + position;
    }

    private static void resize(ListCursor at, int position, int more, int elements) {
        long node = at.node();
        if (more > 0 && QuicklistNode.roomAfter(node) < more) {
            node = NodeRoom.makeRoom(at.stripe(), at.list(), node, false, more);
            at.moved(node);
        }
        if (more > 0) {
            Listpack.open(at.listpack(), position, more, elements);
        } else if (more < 0) {
            Listpack.close(at.listpack(), position, -more, 0);
        }
        QuicklistNode.measure(node, QuicklistNode.elements(node) + elements);
    }
}
