package dev.slotmesh.server.command;

import io.netty.buffer.ByteBuf;

import java.util.List;

/**
 * One command or subcommand of the table: everything that is known about it but its handler. Immutable.
 */
public final class CommandSpec {
    private final CommandDescription description;
    private final int index;
    private final long flags;
    private final long aclCategories;
    private final LegacyKeyRange legacyKeys;
    private final KeyRule keyRule;
    private final int onlyKey;
    private final NameIndex subcommands;

    /**
     * @param index dense number of this command in its table
     * @param subcommands the subcommands in the table, indexed by the part of their names behind the bar; null when the
     *     command has none
     */
    CommandSpec(CommandDescription description, int index, NameIndex subcommands) {
        this.description = description;
        this.index = index;
        this.subcommands = subcommands;
        this.legacyKeys = LegacyKeyRange.of(description.keySpecs());
        this.keyRule = KeyRule.of(description.name());
        this.onlyKey = onlyKeyOf(description.keySpecs());
        this.flags = description.flags()
                | (isMovable(description.keySpecs()) ? CommandFlags.MOVABLE_KEYS : 0);
        this.aclCategories = description.aclCategories()
                | AclCategories.derivedFrom(flags, description.aclCategories());
    }

    /** The full name in lower case: {@code get}, {@code cluster|meet}. */
    public String name() {
        return description.name();
    }

    /** The number of arguments, names included (CLUSTER MEET counts as two); -n means n or more. */
    public int arity() {
        return description.arity();
    }

    /** Whether a request of this many arguments, names included, satisfies the arity. */
    public boolean acceptsArgumentCount(int count) {
        int arity = description.arity();
        return (arity > 0 ? count == arity : count >= -arity) || count == description.laterCount();
    }

    /** Bits of {@link CommandFlags}. */
    public long flags() {
        return flags;
    }

    /** Whether any of these {@link CommandFlags} is set. */
    public boolean has(long anyOf) {
        return (flags & anyOf) != 0;
    }

    /** Bits of {@link AclCategories}, explicit and derived. */
    public long aclCategories() {
        return aclCategories;
    }

    /** How to find the keys; empty for commands without keys. */
    public List<KeySpec> keySpecs() {
        return description.keySpecs();
    }

    /** The first argument that is a key for certain, or 0 if there is none. */
    public int firstKey() {
        return legacyKeys.first();
    }

    /** The last argument that is a key for certain, negative when counted from the end; 0 if there is none. */
    public int lastKey() {
        return legacyKeys.last();
    }

    /** The distance between two keys from {@link #firstKey} to {@link #lastKey}; 0 if there are none. */
    public int keyStep() {
        return legacyKeys.step();
    }

    /**
     * The argument that is the command's one key whatever the other arguments are, or 0 if it has none, several or a
     * number that depends on them. Saves {@link KeyPositions} for most requests.
     */
    public int onlyKey() {
        return onlyKey;
    }

    /** Whether the command can have keys at all. */
    public boolean hasKeys() {
        for (KeySpec spec : keySpecs()) {
            if (!spec.has(KeyFlags.NOT_KEY)) {
                return true;
            }
        }
        return false;
    }

    /** The hints for clients and proxies. */
    public List<String> tips() {
        return description.tips();
    }

    /** The documentation group: string, sorted-set, server. */
    public String group() {
        return description.docs().group();
    }

    /** The Redis version that introduced the command. */
    public String since() {
        return description.docs().since();
    }

    /** A number from 0 to the table's size - 1 that is this command's alone, for statistics in arrays. */
    public int index() {
        return index;
    }

    /** Whether the command has subcommands. Such a command may or may not have a handler of its own. */
    public boolean isContainer() {
        return subcommands != null;
    }

    /**
     * The subcommand whose name, in any case, is these bytes; null if there is none. Allocates nothing.
     *
     * @param offset absolute index of the first byte in {@code buf}
     * @param length 0 or more
     */
    public CommandSpec subcommand(ByteBuf buf, int offset, int length) {
        return subcommands == null ? null : subcommands.find(buf, offset, length);
    }

    /** The subcommand of this name in any case, without the container's name; null if there is none. */
    public CommandSpec subcommand(CharSequence name) {
        return subcommands == null ? null : subcommands.find(name);
    }

    /** The subcommands in alphabetical order; empty if there are none. */
    public List<CommandSpec> subcommands() {
        return subcommands == null ? List.of() : subcommands.all();
    }

    @Override
    public String toString() {
        return name();
    }

    DocsText docs() {
        return description.docs();
    }

    /** The command's own way to find its keys where specifications cannot, or null. */
    KeyRule keyRule() {
        return keyRule;
    }

    private static int onlyKeyOf(List<KeySpec> specs) {
        boolean single = specs.size() == 1
                && specs.get(0).begin() instanceof KeySpec.Index
                && specs.get(0).find() instanceof KeySpec.Range range
                && range.lastKey() == 0
                && !specs.get(0).has(KeyFlags.NOT_KEY);
        return single ? ((KeySpec.Index) specs.get(0).begin()).position() : 0;
    }

    /** Whether a specification is anything but a range that starts at a fixed argument. */
    private static boolean isMovable(List<KeySpec> specs) {
        for (KeySpec spec : specs) {
            if (!(spec.begin() instanceof KeySpec.Index && spec.find() instanceof KeySpec.Range)) {
                return true;
            }
        }
        return false;
    }
}
