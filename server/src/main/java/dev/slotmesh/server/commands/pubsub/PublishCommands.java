package dev.slotmesh.server.commands.pubsub;

import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

/** PUBLISH and SPUBLISH. In a cluster messages go over its bus to other nodes, outside of one to replicas. */
final class PublishCommands {
    private final Subscriptions subscriptions;
    private final MessageSpread spread;

    /** @param spread null outside of a cluster */
    PublishCommands(Subscriptions subscriptions, MessageSpread spread) {
        this.subscriptions = subscriptions;
        this.spread = spread;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("publish", call -> publish(call, false))
                .bind("spublish", call -> publish(call, true));
    }

    private void publish(Call call, boolean sharded) {
        byte[] channel = call.bytes(1);
        byte[] text = call.bytes(2);
        int receivers = sharded
                ? subscriptions.publishToShard(channel, text)
                : subscriptions.publish(channel, text);
        if (spread == null) {
            call.propagateToReplicas();
        } else {
            spread.send(sharded, channel, text);
        }
        call.reply().integer(receivers);
    }
}
