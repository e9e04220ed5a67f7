package dev.slotmesh.server.commands.sort;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Lists;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SortedSets;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** SORT and SORT_RO. */
public final class SortCommands {
    private static final KeyEvent STORED = KeyEvent.list("sortstore");
    private static final int FIRST_BUFFER_BYTES = 64;

    /** Binds every command of the group. */
    public void bind(CommandBindings bindings) {
        bindings.bind("sort", call -> sort(call, false)).bind("sort_ro", call -> sort(call, true));
    }

    private static void sort(Call call, boolean readOnly) {
        SortQuery query = SortQuery.parse(call, readOnly);
        SortSource source = source(call);
        if (query.unsorted() && source.isSet() && query.storeKey() != 0) {
            query.sortAnyway();
        }
        long size = source.size();
        long start = Math.min(Math.max(query.start(), 0), size);
        long count = query.count() < 0 ? size - start : Math.min(query.count(), size - start);
        List<byte[]> elements = query.unsorted()
                ? source.elements(start, count, query.descending())
                : sorted(call, query, source.elements(0, size, false))
                        .subList((int) start, (int) (start + count));
        if (query.storeKey() == 0) {
            answer(call, query, elements);
        } else {
            store(call, query, elements);
        }
    }

    private static SortSource source(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1);
        KeyType type = entry == Slot.ABSENT ? KeyType.LIST : slot.type(entry);
        if (type == KeyType.ZSET) {
            // Redis gives up the compact encoding here, which OBJECT ENCODING shows.
            SortedSets.unpack(slot, entry);
        } else if (type != KeyType.LIST && type != KeyType.SET) {
            throw ErrorReply.WRONG_TYPE;
        }
        return new SortSource(slot, entry);
    }

    private static List<byte[]> sorted(Call call, SortQuery query, List<byte[]> elements) {
        List<SortItem> items = new ArrayList<>(elements.size());
        try (NativeBuffer buffer = new NativeBuffer(FIRST_BUFFER_BYTES)) {
            for (byte[] element : elements) {
                byte[] weight = query.by() == null
                        ? element
                        : query.by().value(call, element).orElse(null);
                boolean numeric = !query.alphabetic() && weight != null;
                double score = numeric ? SortItem.number(weight, buffer) : 0;
                items.add(new SortItem(element, score, weight));
            }
        }
        items.sort(order(query));
        return items.stream().map(SortItem::element).toList();
    }

    private static Comparator<SortItem> order(SortQuery query) {
        Comparator<SortItem> ascending = SortItem.BY_SCORE;
        if (query.alphabetic()) {
            ascending = query.storeKey() != 0 ? SortItem.BY_BYTES : SortItem.BY_TEXT;
        }
        return query.descending() ? ascending.reversed() : ascending;
    }

    private static void answer(Call call, SortQuery query, List<byte[]> elements) {
        List<SortPattern> gets = query.gets();
        call.reply().array(Math.multiplyExact(elements.size(), Math.max(1, gets.size())));
        for (byte[] element : elements) {
            if (gets.isEmpty()) {
                call.reply().bulk(element);
            }
            for (SortPattern get : gets) {
                Optional<byte[]> value = get.value(call, element);
                value.ifPresentOrElse(call.reply()::bulk, call.reply()::nullBulk);
            }
        }
    }

    /** All values are read before the key is replaced: it may be one of those they come from. */
    private static void store(Call call, SortQuery query, List<byte[]> elements) {
        List<byte[]> values = elements;
        if (!query.gets().isEmpty()) {
            values = new ArrayList<>();
            for (byte[] element : elements) {
                for (SortPattern get : query.gets()) {
                    values.add(get.value(call, element).orElse(new byte[0]));
                }
            }
        }
        int key = query.storeKey();
        Slot target = call.slot(key);
        if (values.isEmpty()) {
            if (target.remove(call.span(key), call.nowMs())) {
                call.changed(target, key, KeyEvent.DEL);
            }
        } else {
            long entry = Lists.create(target, call.span(key), Slot.NO_EXPIRY, call.nowMs());
            try (NativeBuffer buffer = new NativeBuffer(FIRST_BUFFER_BYTES)) {
                for (byte[] value : values) {
                    Lists.push(target, entry, false, buffer.put(value));
                }
            }
            call.changed(target, key, STORED);
            call.alsoCounts(values.size() - 1);
        }
        call.reply().integer(values.size());
    }
}
