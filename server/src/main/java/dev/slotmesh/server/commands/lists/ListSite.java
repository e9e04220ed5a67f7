package dev.slotmesh.server.commands.lists;

import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.list.ListCursor;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.propagation.CommandWriter;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.KeyEvent;
import dev.slotmesh.server.session.Serving;

/** Where a pop or a move is carried out that may have waited: by the handler itself, or for a waiting client. */
sealed interface ListSite {
    ReplyEncoder reply();

    void replyBulk(ByteSpan bytes);

    void changed(Slot slot, ByteSpan key, KeyEvent event);

    void event(Slot slot, ByteSpan key, KeyEvent event);

    /** As {@link Call#alsoCounts}. */
    void alsoCounts(long more);

    long nowMs();

    /** Begins a command that tells others of the change. */
    CommandWriter propagateAs(int argumentCount);

    /** Replies with the element at an end. */
    default void replyEnd(Slot slot, long entry, ListEnd end) {
        boolean first = end.isFirst();
        if (Lists.isInteger(slot, entry, first)) {
            reply().bulk(Lists.integer(slot, entry, first));
        } else {
            replyBulk(Lists.string(slot, entry, first, new ByteSpan()));
        }
    }

    /** Pops one element and replies with the key and it. */
    default void popWithKey(Slot slot, ByteSpan key, long entry, ListEnd end) {
        reply().array(2);
        replyBulk(key);
        replyEnd(slot, entry, end);
        tellOfPop(slot, key, end, Lists.pop(slot, entry, end.isFirst()));
        propagateAs(2).word(end.popCommand()).span(key);
    }

    /** Pops some elements and replies with the key and them. */
    default void popWithKey(Slot slot, ByteSpan key, long entry, PopRequest request) {
        reply().array(2);
        replyBulk(key);
        long popped = Math.min(request.count(), Lists.size(slot, entry));
        boolean gone = popRange(slot, entry, request.end(), popped);
        tellOfPop(slot, key, request.end(), gone);
        propagateAs(3).word(request.end().popCommand()).span(key).number(popped);
    }

    /** Pops up to {@code count} elements, 1 or more, and replies with an array of them. Returns whether the key is gone. */
    default boolean popRange(Slot slot, long entry, ListEnd end, long count) {
        boolean first = end.isFirst();
        long popped = Math.min(count, Lists.size(slot, entry));
        reply().array((int) popped);
        ByteSpan element = new ByteSpan();
        try (ListCursor cursor = new ListCursor()) {
            Lists.seek(slot, entry, first ? 0 : -1, cursor);
            for (long i = 0; i < popped; i++) {
                if (cursor.isInteger()) {
                    reply().bulk(cursor.integer());
                } else {
                    replyBulk(cursor.string(element));
                }
                if (first) {
                    cursor.next();
                } else {
                    cursor.previous();
                }
            }
        }
        alsoCounts(popped - 1);
        return Lists.drop(slot, entry, first, popped);
    }

    /** Tells of elements that were popped. */
    default void tellOfPop(Slot slot, ByteSpan key, ListEnd end, boolean gone) {
        changed(slot, key, end.pop());
        if (gone) {
            event(slot, key, KeyEvent.DEL);
        }
    }

    /** The command's own handler. */
    record Handler(Call call) implements ListSite {
        @Override
        public ReplyEncoder reply() {
            return call.reply();
        }

        @Override
        public void replyBulk(ByteSpan bytes) {
            call.replyBulk(bytes);
        }

        @Override
        public void changed(Slot slot, ByteSpan key, KeyEvent event) {
            call.changed(slot, key, event);
        }

        @Override
        public void event(Slot slot, ByteSpan key, KeyEvent event) {
            call.event(slot, key, event);
        }

        @Override
        public void alsoCounts(long more) {
            call.alsoCounts(more);
        }

        @Override
        public long nowMs() {
            return call.nowMs();
        }

        @Override
        public CommandWriter propagateAs(int argumentCount) {
            return call.propagateAs(argumentCount);
        }
    }

    /** The command that made the key ready, on behalf of a waiting client. */
    record Served(Serving serving) implements ListSite {
        @Override
        public ReplyEncoder reply() {
            return serving.reply();
        }

        @Override
        public void replyBulk(ByteSpan bytes) {
            serving.replyBulk(bytes);
        }

        @Override
        public void changed(Slot slot, ByteSpan key, KeyEvent event) {
            serving.changed(slot, key, event);
        }

        @Override
        public void event(Slot slot, ByteSpan key, KeyEvent event) {
            serving.event(slot, key, event);
        }

        @Override
        public void alsoCounts(long more) {
            serving.alsoCounts(more);
        }

        @Override
        public long nowMs() {
            return serving.nowMs();
        }

        @Override
        public CommandWriter propagateAs(int argumentCount) {
            return serving.propagateAs(argumentCount);
        }
    }
}
