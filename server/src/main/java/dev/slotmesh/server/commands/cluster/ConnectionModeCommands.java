package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** ASKING, READONLY, READWRITE: how the connection wants to be routed. */
public final class ConnectionModeCommands {
    public void bind(CommandBindings bindings) {
        bindings.bind("asking", this::asking)
                .bind("readonly", this::readOnly)
                .bind("readwrite", this::readWrite);
    }

    private static void requireCluster(Call call) {
        if (!call.clusterEnabled()) {
            throw ErrorReply.NO_CLUSTER;
        }
    }

    void asking(Call call) {
        requireCluster(call);
        call.client().asking(true);
        call.reply().ok();
    }

    void readOnly(Call call) {
        requireCluster(call);
        call.client().readOnly(true);
        call.reply().ok();
    }

    void readWrite(Call call) {
        requireCluster(call);
        call.client().readOnly(false);
        call.reply().ok();
    }
}
