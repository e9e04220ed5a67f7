package dev.slotmesh.server.command;

import java.util.List;

/**
 * What a command does with a key, as bits of an {@code int}, with the names COMMAND INFO and COMMAND GETKEYSANDFLAGS
 * give them. Exactly one of RO, RW, OW and RM is set.
 */
public final class KeyFlags {
    /** Reads the value. */
    public static final int RO = 1;

    /** Changes the value and depends on what it was. */
    public static final int RW = 1 << 1;

    /** Replaces the value whatever it was. */
    public static final int OW = 1 << 2;

    /** Removes the key. */
    public static final int RM = 1 << 3;

    /** Returns, copies or otherwise reveals the content of the value. */
    public static final int ACCESS = 1 << 4;

    /** Changes or removes existing content. */
    public static final int UPDATE = 1 << 5;

    /** Adds content without changing what is there. */
    public static final int INSERT = 1 << 6;

    /** Removes content explicitly. */
    public static final int DELETE = 1 << 7;

    /** Is no key, but must be routed like one (shard channels). */
    public static final int NOT_KEY = 1 << 8;

    /** The specification does not find all keys. */
    public static final int INCOMPLETE = 1 << 9;

    /** The flags depend on the command's other arguments. */
    public static final int VARIABLE_FLAGS = 1 << 10;

    static final BitNames SHOWN = new BitNames(
            "",
            List.of(
                    "RO",
                    "RW",
                    "OW",
                    "RM",
                    "access",
                    "update",
                    "insert",
                    "delete",
                    "not_key",
                    "incomplete",
                    "variable_flags"),
            -1L);

    private KeyFlags() {}
}
