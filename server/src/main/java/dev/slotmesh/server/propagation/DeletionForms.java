package dev.slotmesh.server.propagation;

/**
 * Whether keys that go without a command deleting them are told of by UNLINK instead of DEL.
 *
 * @param unlinkExpired those whose time has passed (lazyfree-lazy-expire)
 * @param unlinkEvicted those that made room (lazyfree-lazy-eviction)
 * @param unlinkAside those that a command deletes beside what it is for (lazyfree-lazy-server-del)
 */
public record DeletionForms(boolean unlinkExpired, boolean unlinkEvicted, boolean unlinkAside) {
    /** DEL in all cases: Redis's defaults. */
    public static final DeletionForms DEL = new DeletionForms(false, false, false);

    /** The name of the command for a key whose time has passed. */
    public byte[] expired() {
        return unlinkExpired ? RespCommands.UNLINK : RespCommands.DEL;
    }

    /** The name of the command for a field of a hash whose time has passed. */
    public static byte[] ofField() {
        return RespCommands.HDEL;
    }

    /** The name of the command for a key that went to another server. */
    public static byte[] ofMoved() {
        return RespCommands.DEL;
    }

    /** The name of the command for an evicted key. */
    public byte[] evicted() {
        return unlinkEvicted ? RespCommands.UNLINK : RespCommands.DEL;
    }

    /** The name of the command for a key that went beside what a command is for. */
    public byte[] aside() {
        return unlinkAside ? RespCommands.UNLINK : RespCommands.DEL;
    }
}
