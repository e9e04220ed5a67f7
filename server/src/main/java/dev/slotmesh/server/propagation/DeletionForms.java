package dev.slotmesh.server.propagation;

/**
 * Whether keys that go without a command deleting them are told of by UNLINK instead of DEL.
 *
 * @param unlinkExpired those whose time has passed (lazyfree-lazy-expire)
 * @param unlinkEvicted those that made room (lazyfree-lazy-eviction)
 * @param unlinkDisowned those of slots that now belong to another node (lazyfree-lazy-server-del)
 */
public record DeletionForms(boolean unlinkExpired, boolean unlinkEvicted, boolean unlinkDisowned) {
    /** DEL in all cases: Redis's defaults. */
    public static final DeletionForms DEL = new DeletionForms(false, false, false);

    /** The name of the command for a key whose time has passed. */
    public byte[] expired() {
        return unlinkExpired ? RespCommands.UNLINK : RespCommands.DEL;
    }

    /** The name of the command for an evicted key. */
    public byte[] evicted() {
        return unlinkEvicted ? RespCommands.UNLINK : RespCommands.DEL;
    }

    /** The name of the command for a key of a lost slot. */
    public byte[] disowned() {
        return unlinkDisowned ? RespCommands.UNLINK : RespCommands.DEL;
    }
}
