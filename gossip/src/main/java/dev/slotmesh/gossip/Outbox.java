package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The effects of the running input, held back in order until the configuration is saved and the view published: nothing
 * leaves the node before what it promises is durable (cluster bus facts, section 5, ordering barrier).
 */
final class Outbox {
    private final MessageCounters counters;
    private List<Consumer<Effects>> held = new ArrayList<>();
    private List<Consumer<Effects>> spare = new ArrayList<>();

    Outbox(MessageCounters counters) {
        this.counters = counters;
    }

    /** Queues a message on an established link. */
    void send(Link link, BusMessage message) {
        counters.countSent(message.typeCode());
        LinkId id = link.id();
        held.add(effects -> effects.send(id, message));
    }

    void open(LinkId link, BusAddress address) {
        held.add(effects -> effects.openLink(link, address));
    }

    void close(LinkId link) {
        held.add(effects -> effects.closeLink(link));
    }

    void probe(Node node) {
        NodeId id = node.id;
        NodeAddress address = node.address;
        held.add(effects -> effects.probe(id, address.ip(), address.port()));
    }

    void deleteSlotKeys(SlotSet slots) {
        SlotSet frozen = slots.frozen();
        held.add(effects -> effects.deleteSlotKeys(frozen));
    }

    void leaveShardChannels(SlotSet slots) {
        SlotSet frozen = slots.frozen();
        held.add(effects -> effects.leaveShardChannels(frozen));
    }

    void replicate(NodeId primary, NodeAddress address) {
        held.add(effects -> effects.replicate(primary, address.ip(), address.port()));
    }

    void promote() {
        held.add(Effects::promote);
    }

    void pauseWrites(long mostMs) {
        held.add(effects -> effects.pauseWrites(mostMs));
    }

    void resumeWrites() {
        held.add(Effects::resumeWrites);
    }

    void deleteAllKeys() {
        held.add(Effects::deleteAllKeys);
    }

    void deliver(BusMessage.Publish publish) {
        held.add(effects -> effects.deliver(publish));
    }

    void notice(Notice notice) {
        held.add(effects -> effects.notice(notice));
    }

    /** Hands everything over and is empty again. */
    void release(Effects effects) {
        List<Consumer<Effects>> ready = held;
        held = spare;
        spare = ready;
        for (Consumer<Effects> effect : ready) {
            effect.accept(effects);
        }
        ready.clear();
    }
}
