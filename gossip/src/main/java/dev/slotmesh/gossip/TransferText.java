package dev.slotmesh.gossip;

import dev.slotmesh.bus.SlotRange;
import dev.slotmesh.bus.SlotSet;

import java.util.StringJoiner;

/**
 * Slots on their way, as the vars line of nodes.conf holds them, without blanks:
 *
 * <pre>
 * name:target:epoch:slots    an export that was handed over
 * name:source:slots          an import
 * slots                      first[-last][+first[-last]...]
 * </pre>
 */
final class TransferText {
    private TransferText() {}

    static String of(ExportView export) {
        return export.name() + ":" + export.target() + ":" + Long.toUnsignedString(export.epoch())
                + ":" + slots(export.slots());
    }

    static String of(ImportView coming) {
        return coming.name() + ":" + coming.source() + ":" + slots(coming.slots());
    }

    private static String slots(SlotSet slots) {
        StringJoiner text = new StringJoiner("+");
        for (SlotRange range : slots.ranges()) {
            text.add(range.toString());
        }
        return text.toString();
    }
}
