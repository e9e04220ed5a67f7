package dev.slotmesh.server.commands.pubsub;

import dev.slotmesh.server.pubsub.SubscriptionKind;
import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Session;

import java.util.List;

/** SUBSCRIBE and UNSUBSCRIBE for channels, patterns and channels of shards. Each name is answered by a push of its own. */
final class SubscribeCommands {
    private final Subscriptions subscriptions;

    SubscribeCommands(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    void bind(CommandBindings bindings) {
        for (SubscriptionKind kind : SubscriptionKind.values()) {
            bindings.bind(kind.begun(), call -> subscribe(call, kind))
                    .bind(kind.ended(), call -> unsubscribe(call, kind));
        }
    }

    private void subscribe(Call call, SubscriptionKind kind) {
        Session session = call.session();
        for (int i = 1; i < call.count(); i++) {
            subscriptions.subscribe(session, kind, call.bytes(i)).begun().write(call.reply());
        }
        session.pushes().keepReply();
    }

    private void unsubscribe(Call call, SubscriptionKind kind) {
        Session session = call.session();
        if (call.count() == 1) {
            unsubscribeAll(call, kind);
        }
        for (int i = 1; i < call.count(); i++) {
            Subscriptions.Change change = subscriptions.unsubscribe(session, kind, call.bytes(i));
            session.pushes().writeAll();
            change.ended().write(call.reply());
        }
        session.pushes().keepReply();
    }

    private void unsubscribeAll(Call call, SubscriptionKind kind) {
        Session session = call.session();
        List<Subscriptions.Change> ended = subscriptions.unsubscribeAll(session, kind);
        session.pushes().writeAll();
        if (ended.isEmpty()) {
            ended = List.of(subscriptions.nothingToEnd(session, kind));
        }
        for (Subscriptions.Change change : ended) {
            change.ended().write(call.reply());
        }
    }
}
