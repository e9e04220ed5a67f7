package dev.slotmesh.server.replication;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** FAILOVER, outside of cluster mode. */
final class FailoverCommand {
    private final ReplicationState state;
    private final Replicas replicas;
    private final Failover failover;

    FailoverCommand(ReplicationState state, Replicas replicas, Failover failover) {
        this.state = state;
        this.replicas = replicas;
        this.failover = failover;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("failover", this::failover);
    }

    private void failover(Call call) {
        if (call.clusterEnabled()) {
            throw new ErrorReply("ERR FAILOVER not allowed in cluster mode.");
        }
        if (call.count() == 2 && call.is(1, "ABORT")) {
            abort(call);
            return;
        }
        Failover.Request request = parse(call);
        if (failover.isUnderWay()) {
            throw new ErrorReply("ERR FAILOVER already in progress.");
        }
        if (state.isReplica()) {
            throw new ErrorReply("ERR FAILOVER is not valid when server is a replica.");
        }
        if (replicas.isEmpty()) {
            throw new ErrorReply("ERR FAILOVER requires connected replicas.");
        }
        if (request.force() && (request.endMs() == 0 || request.host().isEmpty())) {
            throw new ErrorReply("ERR FAILOVER with force option requires both a timeout and target"
                    + " HOST and IP.");
        }
        if (!request.host().isEmpty()) {
            requireOnline(replicas.find(request.host(), request.port()));
        }
        failover.begin(request);
        call.reply().ok();
    }

    private void abort(Call call) {
        if (!failover.isUnderWay()) {
            throw new ErrorReply("ERR No failover in progress.");
        }
        failover.abort("Failover manually aborted");
        call.reply().ok();
    }

    private static void requireOnline(Replica target) {
        if (target == null) {
            throw new ErrorReply("ERR FAILOVER target HOST and PORT is not a replica.");
        }
        if (!target.isOnline()) {
            throw new ErrorReply("ERR FAILOVER target replica is not online.");
        }
    }

    private static Failover.Request parse(Call call) {
        String host = "";
        int port = 0;
        boolean force = false;
        long timeoutMs = 0;
        for (int i = 1; i < call.count(); i++) {
            boolean hasValue = i + 1 < call.count();
            if (call.is(i, "TIMEOUT") && hasValue && timeoutMs == 0) {
                timeoutMs = call.integer(++i);
                if (timeoutMs <= 0) {
                    throw new ErrorReply("ERR FAILOVER timeout must be greater than 0");
                }
            } else if (call.is(i, "TO") && i + 2 < call.count() && host.isEmpty()) {
                host = call.text(i + 1);
                port = (int) call.integer(i + 2);
                i += 2;
            } else if (call.is(i, "FORCE") && !force) {
                force = true;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        return new Failover.Request(
                host, port, force, timeoutMs == 0 ? 0 : call.nowMs() + timeoutMs);
    }
}
