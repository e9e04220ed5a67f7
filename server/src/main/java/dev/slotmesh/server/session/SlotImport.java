package dev.slotmesh.server.session;

import dev.slotmesh.server.command.CommandSpec;

/**
 * What a session's commands are for that come from a node which hands slots over to this one. Such a session is obeyed: nothing
 * is routed, nothing waits, and nothing is replied but to the commands that steer it. Unlike a primary's stream, what it changes
 * counts as this node's own writes.
 */
public interface SlotImport {
    /**
     * Why a command may not be executed, or null. The lock of the slot is held.
     *
     * @param slot of the command's first key
     */
    String refusal(Call call, int slot);

    /** As the other {@code refusal}, for a command without keys. No lock is held, or some. */
    String refusal(CommandSpec keyless);

    /**
     * A command was answered with an error: nothing more of the stream may be executed. The answer goes to the peer, then the
     * connection ends. Locks may be held, so the rest must be done elsewhere. May be called more than once.
     */
    void failed(String command, String error);

    /** The connection is gone. On the session's thread. */
    void ended();
}
