package dev.slotmesh.server.replication;

import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** ROLE. */
final class RoleCommand {
    private final ReplicationState state;
    private final Replicas replicas;
    private final Supplier<Follower> follower;

    /** @param follower asked when a command comes */
    RoleCommand(ReplicationState state, Replicas replicas, Supplier<Follower> follower) {
        this.follower = follower;
        this.state = state;
        this.replicas = replicas;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("role", this::role);
    }

    private void role(Call call) {
        FollowerView view = follower.get().view();
        if (view.primary() == null) {
            asPrimary(call.reply());
        } else {
            asReplica(call.reply(), view);
        }
    }

    private static void asReplica(ReplyEncoder reply, FollowerView view) {
        reply.array(5);
        reply.bulk("slave");
        reply.bulk(view.primary().host());
        reply.integer(view.primary().port());
        reply.bulk(view.role());
        reply.integer(view.isUp() ? view.appliedOffset() : -1);
    }

    private void asPrimary(ReplyEncoder reply) {
        List<Replica> online =
                Arrays.stream(replicas.all()).filter(Replica::isOnline).toList();
        reply.array(3);
        reply.bulk("master");
        reply.integer(state.offset());
        reply.array(online.size());
        for (Replica replica : online) {
            reply.array(3);
            reply.bulk(replica.host());
            reply.bulk(Integer.toString(replica.traits().port()));
            reply.bulk(Long.toString(replica.acknowledged()));
        }
    }
}
