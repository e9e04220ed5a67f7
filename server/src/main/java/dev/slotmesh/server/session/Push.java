package dev.slotmesh.server.session;

import dev.slotmesh.resp.ReplyEncoder;

/** What a client is sent without having asked for it just now: a message of a channel. Immutable. */
@FunctionalInterface
public interface Push {
    /** Writes it for a client, in its protocol; on the client's thread. */
    void write(ReplyEncoder reply);
}
