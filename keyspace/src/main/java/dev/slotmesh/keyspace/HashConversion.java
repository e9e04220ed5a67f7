package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.memory.ArenaStripe;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.keyspace.packed.Listpack;
import dev.slotmesh.keyspace.packed.ListpackEntry;
import dev.slotmesh.keyspace.table.ElementTable;

/** The way from a listpack of fields and values to a table. */
final class HashConversion {
    private static final int DIGITS = 20;

    private HashConversion() {}

    /** Adds all fields of a listpack, which has each once, to a table that has none of them. */
    static void pour(ArenaStripe stripe, long listpack, long table) {
        ByteSpan name = new ByteSpan();
        ByteSpan value = new ByteSpan();
        try (NativeBuffer nameDigits = new NativeBuffer(DIGITS);
                NativeBuffer valueDigits = new NativeBuffer(DIGITS)) {
            int at = Listpack.first(listpack);
            while (at != Listpack.NONE) {
                int second = Listpack.next(listpack, at);
                ListpackEntry.text(listpack + at, name, nameDigits);
                ListpackEntry.text(listpack + second, value, valueDigits);
                ElementTable.insertField(stripe, table, name, stripe.hashes().of(name), value);
                at = Listpack.next(listpack, second);
            }
        }
    }
}
