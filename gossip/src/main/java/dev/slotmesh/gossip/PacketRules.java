package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.BusMessage.HeartbeatKind;
import dev.slotmesh.bus.Header;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.NodeFlags;

/** What a valid packet does, in the order of cluster bus facts, section 3. */
final class PacketRules {
    private final NodeTable table;
    private final Links links;
    private final Parts parts;
    private final Outbox outbox;
    private final Agenda agenda;

    PacketRules(NodeTable table, Links links, Parts parts, Pending pending) {
        this.table = table;
        this.links = links;
        this.parts = parts;
        this.outbox = pending.outbox();
        this.agenda = pending.agenda();
    }

    void receive(long nowMs, Link link, BusMessage message) {
        link.packets++;
        // A light publish is never sent to a node that does not ask for it, and this one does not.
        if (!(message instanceof BusMessage.Full full)) {
            return;
        }
        Header header = full.header();
        if (message instanceof BusMessage.Heartbeat && isWrongNode(link, header)) {
            loseWrongNode(nowMs, link, header);
            return;
        }
        Node sender = identify(nowMs, link, header);
        if (sender != null && !sender.isMyself()) {
            noteSender(nowMs, sender, link, header);
        }
        if (message instanceof BusMessage.Heartbeat heartbeat) {
            heartbeat(nowMs, link, sender, heartbeat);
        } else if (sender == null) {
            ignoreStranger(message, header);
        } else if (!sender.isMyself()) {
            dispatch(nowMs, sender, message);
        }
    }

    /** Section 2.8: a bound link tells who sends; otherwise the header does, and binds an accepted link. */
    private Node identify(long nowMs, Link link, Header header) {
        if (link.node != null && !link.node.inHandshake()) {
            return link.node;
        }
        Node sender = header.sender().isWellFormed() ? table.find(header.sender()) : null;
        if (sender != null && sender.inHandshake()) {
            return null;
        }
        if (sender != null && !sender.isMyself() && !link.outbound()) {
            links.bind(nowMs, link, sender);
        }
        return sender;
    }

    /** Another node than the expected one answers at a known address. */
    private static boolean isWrongNode(Link link, Header header) {
        return link.outbound() && !link.node.inHandshake() && !link.node.id.equals(header.sender());
    }

    private void loseWrongNode(long nowMs, Link link, Header header) {
        outbox.notice(new Notice.WrongNode(link.node.id, header.sender()));
        parts.addresses().lose(nowMs, link.node);
    }

    /** Steps 1 and 2. */
    private void noteSender(long nowMs, Node sender, Link link, Header header) {
        sender.dataReceivedMs = nowMs;
        sender.capabilities = capabilitiesOf(header);
        parts.evidence().alive(sender);
        parts.census().heard(nowMs);
        if (sender.has(NodeFlags.FAIL)) {
            links.open(nowMs, sender);
        }
        parts.epochs().observe(sender, header.currentEpoch(), header.configEpoch());
        if (Long.compareUnsigned(header.currentEpoch(), sender.toldEpoch) > 0) {
            sender.toldEpoch = header.currentEpoch();
        }
        if ((sender.replOffset == 0) != (header.replicationOffset() == 0)) {
            sender.touch();
            agenda.publish();
        }
        sender.replOffset = header.replicationOffset();
        parts.failovers().manual().heard(sender, header);
        if (sender.primary != null && sender.primary == table.myself().primary) {
            parts.failovers().elections().heardSibling();
        }
        parts.introductions().heard(nowMs, sender, link, header);
    }

    private static int capabilitiesOf(Header header) {
        int told = header.messageFlags();
        return MessageFlags.isSlotmesh(told)
                ? told & (MessageFlags.SLOTMESH_MASK | MessageFlags.PROBES)
                : 0;
    }

    /** Steps 3 and 4. */
    private void heartbeat(long nowMs, Link link, Node sender, BusMessage.Heartbeat message) {
        Header header = message.header();
        if (message.kind() != HeartbeatKind.PONG) {
            parts.addresses().discoverOwn(message.kind(), link);
            if (sender == null && message.kind() == HeartbeatKind.MEET) {
                parts.handshakes().asked(nowMs, link, header);
            }
            if (sender == null && MessageFlags.isSlotmesh(header.messageFlags())) {
                parts.heartbeats().pongToStranger(nowMs, link, header.sender());
            } else {
                parts.heartbeats().pong(link);
            }
        }
        if (link.outbound() && link.node.inHandshake()) {
            boolean dealtWith = parts.handshakes().answered(nowMs, link, sender, header);
            if (dealtWith) {
                return;
            }
        }
        boolean known = sender != null && !sender.isMyself();
        if (known && message.kind() != HeartbeatKind.PONG) {
            parts.addresses().senderIsAt(nowMs, sender, link, header);
        }
        if (known) {
            noteFlags(sender, header);
        }
        if (link.outbound() && message.kind() == HeartbeatKind.PONG) {
            link.pongsHeard = Math.min(link.pongsHeard + 1, link.pingsSent);
            link.node.acquaintance.answered = true;
            parts.failures().answered(nowMs, link.node);
            parts.introductions().pingIfDue(nowMs, link.node);
        }
        if (known) {
            applySender(nowMs, sender, message);
        }
    }

    private void noteFlags(Node sender, Header header) {
        // Any heartbeat shows that it has taken in this node's MEET, or knew it before.
        sender.clear(NodeFlags.MEET);
        boolean noFailover = NodeFlags.has(header.nodeFlags(), NodeFlags.NOFAILOVER);
        if (noFailover != sender.has(NodeFlags.NOFAILOVER)) {
            sender.clear(NodeFlags.NOFAILOVER);
            sender.raise(noFailover ? NodeFlags.NOFAILOVER : 0);
            agenda.publish();
        }
    }

    /** Steps 4f to 4j. */
    private void applySender(long nowMs, Node sender, BusMessage.Heartbeat message) {
        Header header = message.header();
        parts.roles().senderFollows(sender, header);
        parts.claims().senderClaims(sender, header);
        parts.epochs().resolveCollision(sender, header.configEpoch());
        parts.rumours().hear(nowMs, sender, message);
        parts.extensions().hear(nowMs, sender, message);
        parts.transfers().heard(sender, message);
    }

    private void ignoreStranger(BusMessage message, Header header) {
        if (message instanceof BusMessage.Fail fail) {
            outbox.notice(new Notice.FailIgnored(header.sender(), fail.failed()));
        }
    }

    /** Steps 5 to 7. */
    private void dispatch(long nowMs, Node sender, BusMessage message) {
        if (message instanceof BusMessage.Fail fail) {
            parts.failures().heardFail(nowMs, sender, fail);
        } else if (message instanceof BusMessage.Publish publish) {
            outbox.deliver(publish);
        } else if (message instanceof BusMessage.Update update) {
            parts.claims().update(sender, update);
        } else if (message instanceof BusMessage.AuthRequest request) {
            // Who was a primary a moment ago may ask before its next heartbeat tells what it is
            // now.
            parts.roles().senderFollows(sender, request.header());
            parts.failovers().votes().asked(nowMs, sender, request.header());
        } else if (message instanceof BusMessage.AuthAck vote) {
            parts.failovers().elections().heardVote(sender, vote.header());
        } else if (message instanceof BusMessage.ManualFailoverStart) {
            parts.failovers().writes().asked(nowMs, sender);
        } else if (message instanceof BusMessage.Module) {
            outbox.notice(new Notice.ModuleIgnored(sender.id));
        } else if (message instanceof BusMessage.Unknown unknown) {
            outbox.notice(new Notice.UnknownPacket(unknown.typeCode(), sender.id));
        }
    }
}
