package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.ManualFailover;
import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.server.cluster.ClusterService;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.function.BiFunction;

/** The CLUSTER subcommands that change membership, epochs and roles. */
final class ClusterOperatorCommands {
    private static final int BUS_PORT_OFFSET = 10_000;

    private final ClusterService cluster;

    ClusterOperatorCommands(ClusterService cluster) {
        this.cluster = cluster;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("cluster|meet", this::meet)
                .bind("cluster|forget", this::forget)
                .bind("cluster|reset", this::reset)
                .bind("cluster|bumpepoch", this::bumpEpoch)
                .bind("cluster|set-config-epoch", this::setConfigEpoch)
                .bind("cluster|saveconfig", this::saveConfig)
                .bind("cluster|count-failure-reports", this::countFailureReports)
                .bind("cluster|failover", this::failover)
                .bind("cluster|replicate", this::replicate);
    }

    private void operate(Call call, BiFunction<Gossip, Long, OperatorResult> request) {
        cluster.ask(
                call.suspend(),
                (gossip, nowMs) -> OperatorReplies.of(request.apply(gossip, nowMs)));
    }

    /** Too many arguments, in the words CLUSTER has for it. */
    private static void requireAtMost(Call call, int count) {
        if (call.count() > count) {
            throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                    + call.text(1) + "'. Try CLUSTER HELP.");
        }
    }

    void meet(Call call) {
        requireAtMost(call, 5);
        String ip = call.text(2);
        long port = port(call, 3, "base");
        boolean given = call.count() == 5;
        // A port that leaves no room for the offset is refused by the machine, whatever the bus
        // port is then.
        long busPort = given
                ? port(call, 4, "bus")
                : port > Long.MAX_VALUE - BUS_PORT_OFFSET ? 0 : port + BUS_PORT_OFFSET;
        operate(call, (gossip, nowMs) -> gossip.operator().meet(nowMs, ip, port, busPort));
    }

    private static long port(Call call, int argument, String which) {
        if (!call.span(argument).isLong()) {
            throw new ErrorReply(
                    "ERR Invalid TCP " + which + " port specified: " + call.text(argument));
        }
        return call.span(argument).parseLong();
    }

    void forget(Call call) {
        String id = call.text(2);
        operate(call, (gossip, nowMs) -> gossip.operator().forget(nowMs, id));
    }

    void reset(Call call) {
        requireAtMost(call, 3);
        boolean hard = call.count() == 3 && call.is(2, "HARD");
        if (call.count() == 3 && !hard && !call.is(2, "SOFT")) {
            throw ErrorReply.SYNTAX;
        }
        operate(call, (gossip, nowMs) -> gossip.operator().reset(nowMs, hard, cluster.slotKeys()));
    }

    void bumpEpoch(Call call) {
        operate(call, (gossip, nowMs) -> gossip.operator().bumpEpoch(nowMs));
    }

    void setConfigEpoch(Call call) {
        long epoch = call.integer(2);
        operate(call, (gossip, nowMs) -> gossip.operator().setConfigEpoch(nowMs, epoch));
    }

    void saveConfig(Call call) {
        operate(call, cluster::saveConfiguration);
    }

    void countFailureReports(Call call) {
        String id = call.text(2);
        operate(call, (gossip, nowMs) -> gossip.operator().countFailureReports(nowMs, id));
    }

    void failover(Call call) {
        requireAtMost(call, 3);
        ManualFailover.Kind kind = ManualFailover.Kind.AGREED;
        if (call.count() == 3) {
            if (call.is(2, "FORCE")) {
                kind = ManualFailover.Kind.FORCE;
            } else if (call.is(2, "TAKEOVER")) {
                kind = ManualFailover.Kind.TAKEOVER;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        ManualFailover.Kind wanted = kind;
        operate(call, (gossip, nowMs) -> gossip.operator().failover(nowMs, wanted));
    }

    void replicate(Call call) {
        String id = call.text(2);
        operate(
                call,
                (gossip, nowMs) -> gossip.operator().replicate(nowMs, id, cluster.slotKeys()));
    }
}
