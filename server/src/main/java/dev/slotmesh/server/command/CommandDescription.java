package dev.slotmesh.server.command;

import java.util.List;

/**
 * What the resource says about one command or subcommand; nothing is derived yet.
 *
 * @param name full name in lower case
 * @param arity number of arguments, the names included; negative for "at least"
 * @param laterCount a number of arguments that only a later version than 7.0 takes too, which COMMAND does not tell; or 0
 * @param flags explicit bits of {@link CommandFlags}
 * @param aclCategories explicit bits of {@link AclCategories}
 * @param tips hints for clients and proxies
 * @param keySpecs in the order of the replies
 * @param docs what people read
 */
record CommandDescription(
        String name,
        int arity,
        int laterCount,
        long flags,
        long aclCategories,
        List<String> tips,
        List<KeySpec> keySpecs,
        DocsText docs) {
    /** The name of the command that contains this subcommand, or null for a command of its own. */
    String container() {
        int bar = name.indexOf('|');
        return bar < 0 ? null : name.substring(0, bar);
    }
}
