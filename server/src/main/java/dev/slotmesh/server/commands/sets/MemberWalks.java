package dev.slotmesh.server.commands.sets;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.MemberVisitor;
import dev.slotmesh.keyspace.Sets;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.commands.keys.ElementScan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.DeferredArray;

/** SMEMBERS and SSCAN: all members, at once or in steps. */
final class MemberWalks {

    void bind(CommandBindings bindings) {
        bindings.bind("smembers", this::members).bind("sscan", this::scan);
    }

    private void members(Call call) {
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        if (entry == Slot.ABSENT) {
            call.reply().set(0);
            return;
        }
        call.reply().set(Math.toIntExact(Sets.size(slot, entry)));
        Sets.forEach(slot, entry, call::replyBulk);
    }

    private void scan(Call call) {
        long position = ElementScan.cursor(call) & Sets.END - 1;
        Slot slot = call.slot(1);
        long entry = call.read(slot, 1, KeyType.SET);
        if (entry == Slot.ABSENT) {
            call.reply().array(2);
            call.reply().bulk(0);
            call.reply().array(0);
            return;
        }
        ElementScan scan = ElementScan.options(call);
        try (DeferredArray members = call.deferredArray()) {
            int[] visited = {0};
            MemberVisitor visitor = member -> {
                visited[0]++;
                if (scan.accepts(member)) {
                    members.add(member);
                }
            };
            while (position < Sets.END && visited[0] < scan.count()) {
                position = Sets.scan(slot, entry, position, visitor);
            }
            call.reply().array(2);
            call.reply().bulk(position == Sets.END ? 0 : position);
            members.finish();
        }
    }
}
