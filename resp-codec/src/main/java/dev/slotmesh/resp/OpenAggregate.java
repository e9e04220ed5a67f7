package dev.slotmesh.resp;

import java.util.ArrayList;
import java.util.List;

/**
 * An aggregate reply whose elements are still arriving.
 *
 * <p>An attribute passes through two stages: first it collects its keys and values, then it waits
 * for one more reply, its subject.
 */
final class OpenAggregate {
    private static final int STREAMED = -1;

    private final byte type;
    /** Elements in all, or STREAMED. */
    private final int size;

    private final List<Reply> elements;
    /** The pairs of an attribute that waits for its subject; null before and for all else. */
    private List<Reply.Pair> attributes;

    private Reply subject;

    /**
     * @param type the wire's type byte: one of {@code * ~ > % |}
     * @param size elements to come (keys and values counted), or -1 when the end will be marked
     */
    OpenAggregate(byte type, int size) {
        this.type = type;
        this.size = size;
        this.elements = new ArrayList<>(Math.min(Math.max(size, 0), 16));
    }

    boolean isStreamed() {
        return size == STREAMED;
    }

    void add(Reply element) {
        if (attributes != null) {
            subject = element;
        } else {
            elements.add(element);
        }
    }

    boolean isFull() {
        return attributes != null ? subject != null : elements.size() == size;
    }

    /** Whether the mark that ends a streamed aggregate may come now. */
    boolean mayEnd() {
        return isStreamed() && (type != '%' || elements.size() % 2 == 0);
    }

    /**
     * For a full attribute without a subject: waits for the subject from now on and says true. Says
     * false for all else.
     */
    boolean turnsToSubject() {
        if (type != '|' || attributes != null) {
            return false;
        }
        attributes = pairs();
        return true;
    }

    /** The finished reply. */
    Reply reply() {
        switch (type) {
            case '*':
                return new Reply.Array(elements);
            case '~':
                return new Reply.Set(elements);
            case '>':
                return new Reply.Push(elements);
            case '%':
                return new Reply.Map(pairs());
            case '|':
                return new Reply.Attributed(attributes, subject);
            default:
                throw new AssertionError("aggregate type " + type);
        }
    }

    private List<Reply.Pair> pairs() {
        List<Reply.Pair> pairs = new ArrayList<>(elements.size() / 2);
        for (int i = 0; i < elements.size(); i += 2) {
            pairs.add(new Reply.Pair(elements.get(i), elements.get(i + 1)));
        }
        return pairs;
    }
}
