package dev.slotmesh.server.commands.pubsub;

import dev.slotmesh.server.pubsub.SubscriptionKind;
import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.HelpReply;
import dev.slotmesh.server.text.Glob;

import java.util.List;

/** PUBSUB: who is subscribed to what, at this node. */
final class PubSubInspection {
    private final Subscriptions subscriptions;

    PubSubInspection(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("pubsub|channels", call -> names(call, SubscriptionKind.CHANNEL))
                .bind("pubsub|shardchannels", call -> names(call, SubscriptionKind.SHARD_CHANNEL))
                .bind("pubsub|numsub", call -> counts(call, SubscriptionKind.CHANNEL))
                .bind("pubsub|shardnumsub", call -> counts(call, SubscriptionKind.SHARD_CHANNEL))
                .bind("pubsub|numpat", this::patternCount)
                .bind("pubsub|help", PubSubInspection::help);
    }

    private void names(Call call, SubscriptionKind kind) {
        if (call.count() > 3) {
            throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                    + call.text(1) + "'. Try PUBSUB HELP.");
        }
        List<byte[]> names = subscriptions.names(kind);
        if (call.count() == 3) {
            Glob pattern = Glob.compile(call.bytes(2));
            names = names.stream().filter(pattern::matches).toList();
        }
        call.reply().array(names.size());
        names.forEach(call.reply()::bulk);
    }

    private void counts(Call call, SubscriptionKind kind) {
        call.reply().array(2 * (call.count() - 2));
        for (int i = 2; i < call.count(); i++) {
            byte[] name = call.bytes(i);
            call.reply().bulk(name);
            call.reply().integer(subscriptions.subscriberCount(kind, name));
        }
    }

    private void patternCount(Call call) {
        call.reply().integer(subscriptions.nameCount(SubscriptionKind.PATTERN));
    }

    private static void help(Call call) {
        HelpReply.write(
                call,
                "CHANNELS [<pattern>]",
                "    Return the currently active channels matching a <pattern> (default: '*').",
                "NUMPAT",
                "    Return number of subscriptions to patterns.",
                "NUMSUB [<channel> ...]",
                "    Return the number of subscribers for the specified channels, excluding",
                "    pattern subscriptions(default: no channels).",
                "SHARDCHANNELS [<pattern>]",
                "    Return the currently active shard level channels matching a <pattern> (default: '*').",
                "SHARDNUMSUB [<shardchannel> ...]",
                "    Return the number of subscribers for the specified shard level channel(s)");
    }
}
