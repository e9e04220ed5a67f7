package dev.slotmesh.gossip;

import dev.slotmesh.bus.Address;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.NodeFlags;

/** Where this node and the others are, and what happens when somebody moves (cluster bus facts, sections 4.4 and 4.5). */
final class Addresses {
    private final NodeTable table;
    private final Links links;
    private final Roles roles;
    private final CurrentSettings settings;
    private final Pending pending;

    Addresses(
            NodeTable table, Links links, Roles roles, CurrentSettings settings, Pending pending) {
        this.table = table;
        this.links = links;
        this.roles = roles;
        this.settings = settings;
        this.pending = pending;
    }

    /** What is announced takes effect: ports and host name always come from the settings, the ip when it is set there. */
    void announce(boolean ipChanged) {
        NodeAddress announced = settings.get().announced();
        Node myself = table.myself();
        boolean keepIp = announced.ip().isEmpty() && !ipChanged;
        NodeAddress address = keepIp ? announced.withIp(myself.address.ip()) : announced;
        if (!address.equals(myself.address)) {
            myself.changeAddress(address);
            pending.agenda().publish();
        }
    }

    /** The first packets show under which address others reach this node: a MEET always, a PING while it is unknown. */
    void discoverOwn(HeartbeatKind kind, Link link) {
        Node myself = table.myself();
        boolean wanted = kind == HeartbeatKind.MEET || myself.address.ip().isEmpty();
        if (!wanted || !settings.get().announced().ip().isEmpty()) {
            return;
        }
        String ip = link.context().localIp();
        if (!ip.isEmpty() && !ip.equals(myself.address.ip())) {
            myself.changeAddress(myself.address.withIp(ip));
            pending.outbox().notice(new Notice.OwnAddressUpdated(ip));
            pending.agenda().save();
        }
    }

    /** Where the sender of that header is: the ip it announces, else the one its packets come from; ports as told. */
    NodeAddress ofSender(Link link, Header header) {
        Address told = header.address();
        String ip = Literals.isAddress(told.ip()) ? told.ip() : link.context().peerIp();
        return new NodeAddress(ip, told.port(), told.plainPort(), told.busPort(), "");
    }

    /**
     * A PING or MEET of the node may show that it moved. A stock node takes it from PINGs alone; but a node that moved together
     * with all others is met, and its MEET may be the only packet that tells where it is. Not on the outbound link to it: there
     * the address is the one this node chose.
     */
    void senderIsAt(long nowMs, Node sender, Link link, Header header) {
        if (link == sender.outbound) {
            return;
        }
        NodeAddress seen = ofSender(link, header).withHostname(sender.address.hostname());
        if (!seen.equals(sender.address)) {
            move(nowMs, sender, seen);
            sender.clear(NodeFlags.NOADDR);
            pending.agenda().save();
            pending.outbox().notice(new Notice.AddressUpdated(sender.id, seen.ip(), seen.port()));
        }
    }

    /** Changes a node's address; the outbound link is made anew there. */
    void move(long nowMs, Node node, NodeAddress address) {
        node.changeAddress(address);
        links.drop(nowMs, node.outbound);
        links.open(nowMs, node);
        roles.addressChanged(node);
        pending.agenda().publish();
    }

    /** Another node answers at the node's address: where it really is, only its own PING can tell. */
    void lose(long nowMs, Node node) {
        links.drop(nowMs, node.outbound);
        node.raise(NodeFlags.NOADDR);
        node.changeAddress(new NodeAddress("", 0, 0, 0, node.address.hostname()));
        pending.agenda().save();
    }
}
