package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.PingExtension;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The slots that are on their way from or to this node in one step, and how far each is. Who may do what with them is decided in
 * {@link Exports} and {@link Imports}; the rest of the machine asks here what it must leave alone.
 */
final class Transfers {
    /** More at once would be a mistake somewhere; it also bounds what is stored and told. */
    static final int MOST_AT_ONCE = 64;

    private static final int TELLING = MessageFlags.LISTED | MessageFlags.ALARM;

    private final Map<String, Export> exports = new LinkedHashMap<>();
    private final Map<String, Import> imports = new LinkedHashMap<>();

    /** Slots that leave. */
    static final class Export {
        final String name;
        final NodeId target;
        SlotSet slots;
        /** Of the slot table, when the slots were last compared with it. */
        long slotsVersion = -1;
        /** What the target may claim with; 0 until the slots were handed over. */
        long epoch;
        /** Since when nothing certain is to be expected from the target; -1 when it is. */
        long silentSinceMs = -1;
        /** The target may have claimed the slots and lost them since, or not; it does not know any more. */
        boolean unclear;
        /** An operator does not want to wait for the target. */
        boolean givenUp;
        /** What this node goes on with when the target is not to be heard; 0 before. */
        long ownEpoch;
        /** Since when a majority knows of it; -1 before. */
        long grantedSinceMs = -1;

        Export(String name, SlotSet slots, NodeId target) {
            this.name = name;
            this.slots = slots.frozen();
            this.target = target;
        }

        boolean isHandedOver() {
            return epoch != 0;
        }

        ExportView view() {
            return new ExportView(
                    name,
                    slots,
                    target,
                    isHandedOver() ? ExportView.State.HANDED_OVER : ExportView.State.OPEN,
                    epoch);
        }
    }

    /** Slots that come. */
    static final class Import {
        final String name;
        final SlotSet slots;
        final NodeId source;
        ImportView.State state;
        /** Of the slot table, when the slots were last compared with it. */
        long slotsVersion = -1;
        /** What it may be claimed with; 0 before. */
        long epoch;
        /** When a majority was last found to know of it; -1 before. */
        long grantedMs = -1;

        Import(String name, SlotSet slots, NodeId source, ImportView.State state) {
            this.name = name;
            this.slots = slots.frozen();
            this.source = source;
            this.state = state;
        }

        ImportView view() {
            return new ImportView(name, slots, source, state);
        }
    }

    /** By name, in order of arrival; live. */
    Map<String, Export> exports() {
        return exports;
    }

    /** By name, in order of arrival; live. */
    Map<String, Import> imports() {
        return imports;
    }

    boolean full() {
        return exports.size() + imports.size() >= MOST_AT_ONCE;
    }

    /** Whether some slot of this node may be somebody else's already. */
    boolean anyHandedOver() {
        for (Export export : exports.values()) {
            if (export.isHandedOver()) {
                return true;
            }
        }
        return false;
    }

    boolean isHandedOver(int slot) {
        for (Export export : exports.values()) {
            if (export.isHandedOver() && export.slots.get(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Whether only that node knows who owns some slots of this one. */
    boolean dependsOn(Node node) {
        for (Export export : exports.values()) {
            if (export.isHandedOver() && export.target.equals(node.id)) {
                return true;
            }
        }
        return false;
    }

    boolean isImported(int slot) {
        for (Import coming : imports.values()) {
            if (coming.slots.get(slot)) {
                return true;
            }
        }
        return false;
    }

    /** The lowest of these slots that is on its way already, or -1. */
    int firstMoving(SlotSet slots) {
        for (int slot = slots.nextSet(0); slot >= 0; slot = slots.nextSet(slot + 1)) {
            if (isMoving(slot)) {
                return slot;
            }
        }
        return -1;
    }

    boolean isMoving(int slot) {
        for (Export export : exports.values()) {
            if (export.slots.get(slot)) {
                return true;
            }
        }
        return isImported(slot);
    }

    /** Whether this node may still claim slots of that one. */
    boolean isOpenFrom(Node source) {
        for (Import coming : imports.values()) {
            if (coming.state == ImportView.State.OPEN && coming.source.equals(source.id)) {
                return true;
            }
        }
        return false;
    }

    List<ExportView> exportViews() {
        if (exports.isEmpty()) {
            return List.of();
        }
        List<ExportView> views = new ArrayList<>(exports.size());
        exports.values().forEach(export -> views.add(export.view()));
        return views;
    }

    /** Those exports that have to be remembered. */
    List<ExportView> handedOver() {
        return exportViews().stream()
                .filter(export -> export.state() == ExportView.State.HANDED_OVER)
                .toList();
    }

    List<ImportView> importViews() {
        if (imports.isEmpty()) {
            return List.of();
        }
        List<ImportView> views = new ArrayList<>(imports.size());
        imports.values().forEach(coming -> views.add(coming.view()));
        return views;
    }

    /** Whether a heartbeat says all that its sender has to say to this node about slots on their way. */
    static boolean tells(BusMessage.Heartbeat message) {
        int flags = message.header().messageFlags();
        return MessageFlags.isSlotmesh(flags) && (flags & TELLING) == MessageFlags.LISTED;
    }

    /** What this node says in a heartbeat to that one, as message flags. */
    int flagsFor(Node receiver) {
        return isOpenFrom(receiver) ? MessageFlags.IMPORTS : 0;
    }

    /** What a primary tells its own replicas: the slots whose keys are not its own, or may not be. */
    List<PingExtension> told() {
        List<PingExtension> told = new ArrayList<>(imports.size() + exports.size());
        for (Import coming : imports.values()) {
            told.add(apart(coming.name, coming.source, coming.slots));
        }
        for (Export export : exports.values()) {
            if (export.isHandedOver() && !imports.containsKey(export.name)) {
                told.add(apart(export.name, export.target, export.slots));
            }
        }
        return told;
    }

    private static PingExtension apart(String name, NodeId other, SlotSet slots) {
        return new PingExtension.ApartSlots(NodeId.parse(name), other, slots);
    }

    /** Slots of an export have another owner now; their keys are still here. */
    void leaveBehind(Export export, SlotSet gone) {
        SlotSet all = gone.copy();
        Import before = imports.get(export.name);
        if (before != null) {
            all.addAll(before.slots);
        }
        imports.put(
                export.name,
                new Import(export.name, all, export.target, ImportView.State.ABANDONED));
    }

    /**
     * This node leaves its cluster. Keys that are held apart have to be dropped, unless all are.
     *
     * @param withoutKeys whether no key is left
     */
    void leave(boolean withoutKeys) {
        exports.clear();
        if (withoutKeys) {
            imports.clear();
        }
        imports.values().forEach(coming -> coming.state = ImportView.State.ABANDONED);
    }

    /** Takes over what nodes.conf says: of exports those that were handed over, of imports all. */
    void load(PrivateVars vars, boolean primary) {
        for (ExportView stored : vars.exports()) {
            if (primary) {
                Export export = new Export(stored.name(), stored.slots(), stored.target());
                export.epoch = stored.epoch();
                exports.put(export.name, export);
            }
        }
        ImportView.State state = primary ? ImportView.State.ABANDONED : ImportView.State.FOLLOWED;
        for (ImportView stored : vars.imports()) {
            imports.put(
                    stored.name(),
                    new Import(stored.name(), stored.slots(), stored.source(), state));
        }
    }
}
