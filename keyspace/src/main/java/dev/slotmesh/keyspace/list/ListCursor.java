package dev.slotmesh.keyspace.list;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.DecimalLong;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;

/**
 * A place in a list: the way to read, find and (through {@link QuicklistEdits}) change what is not at its ends.
 *
 * <p>Between {@link #seek} and {@link #close} the slot's lock is held and the list is changed through this cursor only.
 * Elements of compressed nodes are read from a copy, which {@link #close} frees. Reusable; one thread at a time.
 */
public final class ListCursor implements AutoCloseable {
    private ArenaStripe stripe;
    private long list;
    private long node;
    private long listpack;
    private int position;
    /** Whether the listpack is a decompressed copy, of so many bytes. */
    private boolean isCopy;

    private int copyBytes;
    /** Whether this node, and whether anything since the seek, was changed. */
    private boolean isEdited;

    private boolean wasEdited;
    private int nodesAtSeek;

    private ByteSpan wanted;
    private boolean wantsLong;
    private long wantedLong;

    /**
     * Goes to element {@code index}: 0 is the first, -1 the last. The nodes before it are passed over one by one, from the
     * nearer end.
     *
     * @return false when there is no such element; then there is nothing to read, and nothing to close
     */
    public boolean seek(ArenaStripe ofStripe, long inList, long index) {
        close();
        stripe = ofStripe;
        list = inList;
        nodesAtSeek = Quicklist.nodeCount(inList);
        long size = Quicklist.size(inList);
        long at = index < 0 ? index + size : index;
        if (at < 0 || at >= size) {
            node = 0;
            return false;
        }
        boolean forwards = at < size - at;
        long left = forwards ? at : size - 1 - at;
        long found = Quicklist.end(inList, forwards);
        int elements = QuicklistNode.elements(found);
        while (left >= elements) {
            left -= elements;
            found = forwards ? QuicklistNode.next(found) : QuicklistNode.previous(found);
            elements = QuicklistNode.elements(found);
        }
        open(found);
        if (listpack != 0) {
            position = Listpack.seek(listpack, forwards ? (int) left : -1 - (int) left);
        }
        return true;
    }

    /** Goes to the next element. Returns false when there is none. */
    public boolean next() {
        if (listpack != 0) {
            int next = Listpack.next(listpack, position);
            if (next != Listpack.NONE) {
                position = next;
                return true;
            }
        }
        return enter(QuicklistNode.next(node), true);
    }

    /** Goes to the previous element. Returns false when there is none. */
    public boolean previous() {
        if (listpack != 0) {
            int previous = Listpack.previous(listpack, position);
            if (previous != Listpack.NONE) {
                position = previous;
                return true;
            }
        }
        return enter(QuicklistNode.previous(node), false);
    }

    /** Whether the element is stored as an integer. */
    public boolean isInteger() {
        return listpack != 0 && ListpackEntry.isInteger(listpack + position);
    }

    /** The element, when it {@link #isInteger}. */
    public long integer() {
        return ListpackEntry.integer(listpack + position);
    }

    /** Points {@code into} at the element, when it is not {@link #isInteger}; until the cursor moves. */
    public ByteSpan string(ByteSpan into) {
        return listpack == 0
                ? QuicklistNode.content(node, into)
                : ListpackEntry.string(listpack + position, into);
    }

    /** Points {@code into} at the element's text, an integer's in {@code scratch}; until the cursor moves. */
    public ByteSpan text(ByteSpan into, NativeBuffer scratch) {
        return listpack == 0
                ? QuicklistNode.content(node, into)
                : ListpackEntry.text(listpack + position, into, scratch);
    }

    /** What {@link #matches} compares with from now on; the span must stay valid. */
    public ListCursor wanted(ByteSpan value) {
        wanted = value;
        wantsLong = DecimalLong.isLong(value.address(), value.length());
        wantedLong = wantsLong ? DecimalLong.parse(value.address(), value.length()) : 0;
        return this;
    }

    /** Whether the element's text is the wanted one. */
    public boolean matches() {
        if (listpack == 0) {
            return QuicklistNode.contentBytes(node) == wanted.length()
                    && QuicklistNode.content(node, new ByteSpan()).contentEquals(wanted);
        }
        long entry = listpack + position;
        return wantsLong && ListpackEntry.isInteger(entry)
                ? ListpackEntry.integer(entry) == wantedLong
                : ListpackEntry.isString(entry, wanted);
    }

    /** Ends the use of the list, leaving edited nodes as they should be. Does nothing when there is none. */
    @Override
    public void close() {
        if (node != 0) {
            long left = leave();
            if (left != 0) {
                left = NodeMerge.withNext(stripe, list, left);
                left = NodeMerge.withPrevious(stripe, list, left);
                NodeCompression.settleAround(stripe, list, left);
            }
        }
        if (wasEdited) {
            if (Quicklist.nodeCount(list) != nodesAtSeek || Quicklist.showsCompression(list)) {
                NodeCompression.settleEnds(stripe, list);
            }
            wasEdited = false;
        }
        node = 0;
    }

    ArenaStripe stripe() {
        return stripe;
    }

    long list() {
        return list;
    }

    long node() {
        return node;
    }

    /** The node's listpack, 0 for a plain node. */
    long listpack() {
        return listpack;
    }

    int position() {
        return position;
    }

    void position(int other) {
        position = other;
    }

    /** Makes the node ready to be changed: not compressed, and looked after when the cursor leaves it. */
    void edit() {
        wasEdited = true;
        isEdited = true;
        if (isCopy) {
            freeCopy();
            moved(NodeCompression.expand(stripe, list, node));
        }
    }

    /** The node, or what is in it, has moved; the position in its listpack is as before. */
    void moved(long to) {
        node = to;
        listpack = QuicklistNode.isPlain(to) ? 0 : QuicklistNode.listpack(to);
    }

    /** Goes to a node's first or last element, 0 for none. Returns whether there is one. */
    boolean enter(long other, boolean first) {
        long left = leave();
        if (left != 0) {
            left = first
                    ? NodeMerge.withPrevious(stripe, list, left)
                    : NodeMerge.withNext(stripe, list, left);
            NodeCompression.settle(stripe, list, left);
        }
        if (other == 0) {
            node = 0;
            return false;
        }
        open(other);
        if (listpack != 0) {
            position = first ? Listpack.HEADER_BYTES : Listpack.last(listpack);
        }
        return true;
    }

    /** The node is gone from the list: nothing of it may be looked at any more. */
    void gone() {
        isEdited = false;
        wasEdited = true;
        node = 0;
        if (isCopy) {
            throw new IllegalStateException("a copy of a node that is gone");
        }
    }

    private void open(long other) {
        node = other;
        position = 0;
        isEdited = false;
        if (QuicklistNode.isCompressed(other)) {
            copyBytes = QuicklistNode.contentBytes(other);
            listpack = NodeCompression.decompressed(stripe, other);
            isCopy = true;
        } else {
            moved(other);
        }
    }

    /** Lets go of the node. Returns it if it was changed, else 0. */
    private long leave() {
        long left = isEdited ? node : 0;
        if (isCopy) {
            freeCopy();
        }
        isEdited = false;
        return left;
    }

    private void freeCopy() {
        stripe.free(listpack, copyBytes);
        isCopy = false;
        listpack = 0;
    }
}
