package dev.slotmesh.server.commands.hashes;

import dev.slotmesh.keyspace.FieldText;
import dev.slotmesh.keyspace.HashWalk;
import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.commands.keys.ElementScan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;

/** HSCAN: a walk over the fields of a hash, step by step. */
final class HashScans {
    private static final int DIGITS = 20;

    void bind(CommandBindings bindings) {
        bindings.bind("hscan", this::scan);
    }

    private void scan(Call call) {
        long cursor = ElementScan.cursor(call);
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.HASH);
        if (entry == Slot.ABSENT) {
            call.reply().array(2);
            call.reply().bulk(0);
            call.reply().array(0);
            return;
        }
        ElementScan options = ElementScan.options(call);
        try (DeferredArray found = call.deferredArray();
                NativeBuffer digits = new NativeBuffer(DIGITS)) {
            ByteSpan name = call.value();
            ByteSpan value = call.otherValue();
            long next = new HashWalk(slot, entry, call.nowMs())
                    .scan(cursor, options.count(), field -> {
                        FieldText.bytes(field, name, digits);
                        if (options.accepts(name)) {
                            found.add(name);
                            long text = FieldText.valueOfName(field);
                            found.add(FieldText.bytes(text, value, digits));
                        }
                    });
            call.reply().array(2);
            call.reply().bulk(next);
            found.finish();
        }
    }
}
