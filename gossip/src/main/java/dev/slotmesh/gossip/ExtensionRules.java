package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.MessageFlags;
import dev.slotmesh.bus.PingExtension;

/** Takes in what a known sender's heartbeat says after the gossip section (cluster bus facts, section 2.6). */
final class ExtensionRules {
    private final ShardIds shards;
    private final Forgetting forgetting;
    private final Agenda agenda;

    ExtensionRules(ShardIds shards, Forgetting forgetting, Agenda agenda) {
        this.shards = shards;
        this.forgetting = forgetting;
        this.agenda = agenda;
    }

    void hear(long nowMs, Node sender, BusMessage.Heartbeat message) {
        sender.readsExtensions = readsExtensions(message);
        // A heartbeat without the extension takes the host name back.
        String hostname = "";
        for (PingExtension extension : message.extensions()) {
            if (extension instanceof PingExtension.Hostname told) {
                hostname = Literals.isHostname(told.text()) ? told.text() : hostname;
            } else if (extension instanceof PingExtension.ShardId told) {
                shards.heard(sender, told.id());
            } else if (extension instanceof PingExtension.ForgottenNode told) {
                forgetting.heard(nowMs, sender, told);
            }
        }
        if (!hostname.equals(sender.address.hostname())) {
            sender.changeAddress(sender.address.withHostname(hostname));
            agenda.publish();
        }
    }

    /**
     * Whether the sender shows that it takes any extension in silence: it is a Slotmesh node, or of a later version. Redis 7.0
     * warns of all but the host name; it says EXT_DATA only with that one extension, so EXT_DATA with none, or any other
     * extension, does not come from it.
     */
    private static boolean readsExtensions(BusMessage.Heartbeat message) {
        int flags = message.header().messageFlags();
        boolean later = message.extensions().isEmpty();
        for (PingExtension extension : message.extensions()) {
            later |= extension.typeCode() != PingExtension.Hostname.TYPE_CODE;
        }
        return MessageFlags.isSlotmesh(flags)
                || later && MessageFlags.has(flags, MessageFlags.EXT_DATA);
    }
}
