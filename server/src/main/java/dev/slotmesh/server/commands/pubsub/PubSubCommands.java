package dev.slotmesh.server.commands.pubsub;

import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.session.CommandBindings;

/** All commands of the group. */
public final class PubSubCommands {
    private final SubscribeCommands subscribing;
    private final PublishCommands publishing;
    private final PubSubInspection inspection;

    /** @param spread takes messages to other nodes of the cluster, or null outside of one */
    public PubSubCommands(Subscriptions subscriptions, MessageSpread spread) {
        this.subscribing = new SubscribeCommands(subscriptions);
        this.publishing = new PublishCommands(subscriptions, spread);
        this.inspection = new PubSubInspection(subscriptions);
    }

    public void bind(CommandBindings bindings) {
        subscribing.bind(bindings);
        publishing.bind(bindings);
        inspection.bind(bindings);
    }
}
