package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;

/**
 * How a file is loaded.
 *
 * @param nowMs milliseconds since 1970
 * @param dropsExpired whether keys whose time has passed are left out unless the file belongs to a replication history, as a
 *     primary does; a replica, and whoever reads the base
 *     of an append-only file, keeps them until it is told
 * @param checksum whether the file's checksum is compared
 * @param duplicates what becomes of a key that is there already
 * @param listener is told how it goes
 */
public record RdbLoadSettings(
        long nowMs,
        boolean dropsExpired,
        boolean checksum,
        Duplicates duplicates,
        RdbLoadListener listener) {

    /** What becomes of a key of the file that is there already. */
    public enum Duplicates {
        /** The file is refused. */
        REFUSE,
        /** It is replaced. */
        REPLACE
    }

    /** The settings of a primary that loads its own file. */
    public static RdbLoadSettings ofPrimary(long nowMs) {
        return new RdbLoadSettings(nowMs, true, true, Duplicates.REFUSE, RdbLoadListener.NONE);
    }

    /** The same, keeping keys whose time has passed. */
    public RdbLoadSettings keepingExpired() {
        return new RdbLoadSettings(nowMs, false, checksum, duplicates, listener);
    }

    /** The same with or without comparison of the checksum. */
    public RdbLoadSettings withChecksum(boolean compared) {
        return new RdbLoadSettings(nowMs, dropsExpired, compared, duplicates, listener);
    }

    /** The same, replacing keys that are there already. */
    public RdbLoadSettings replacing() {
        return new RdbLoadSettings(nowMs, dropsExpired, checksum, Duplicates.REPLACE, listener);
    }

    /** Whether a key with a deadline, {@link Slot#NO_EXPIRY} for none, is left out. */
    boolean isDropped(long deadlineMs) {
        return dropsExpired && deadlineMs != Slot.NO_EXPIRY && deadlineMs < nowMs;
    }

    boolean replaces() {
        return duplicates == Duplicates.REPLACE;
    }

    /** Throws unless a key that is there already is to be replaced. */
    void requireReplacing(ByteSpan key, int database) {
        if (!replaces()) {
            throw new RdbFormatException("a key twice: '" + key + "' in database " + database);
        }
    }

    /** The same, telling another listener. */
    public RdbLoadSettings telling(RdbLoadListener other) {
        return new RdbLoadSettings(nowMs, dropsExpired, checksum, duplicates, other);
    }
}
