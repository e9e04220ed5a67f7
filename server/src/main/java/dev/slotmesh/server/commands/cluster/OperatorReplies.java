package dev.slotmesh.server.commands.cluster;

import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.resp.ReplyEncoder;

import java.util.function.Consumer;

/** What the gossip machine answered an operator, as a reply. */
final class OperatorReplies {
    private OperatorReplies() {}

    static Consumer<ReplyEncoder> of(OperatorResult result) {
        if (result instanceof OperatorResult.Accepted accepted) {
            return reply -> reply.simpleString(accepted.status());
        }
        if (result instanceof OperatorResult.Counted counted) {
            return reply -> reply.integer(counted.value());
        }
        return error(((OperatorResult.Rejected) result).error());
    }

    /** @param text without the prefix {@code ERR } */
    static Consumer<ReplyEncoder> error(String text) {
        return reply -> reply.error("ERR " + text);
    }
}
