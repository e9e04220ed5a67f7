package dev.slotmesh.server.command;

import java.util.List;

/**
 * What people read about a command.
 *
 * <p>The arguments stay text until somebody asks for them: they are two thirds of the resource, and a server that starts
 * has no use for them.
 *
 * @param summary one short sentence
 * @param since the version the command came with
 * @param group the group in the documentation
 * @param complexity the order of its running time, or null
 * @param flags deprecated, syscmd
 * @param deprecatedSince the version that deprecated it, or null
 * @param replacedBy what to use instead, or null
 * @param argumentText the lines of the resource that describe the arguments
 */
record CommandDocs(
        String summary,
        String since,
        String group,
        String complexity,
        List<String> flags,
        String deprecatedSince,
        String replacedBy,
        String argumentText) {
    /** The arguments in the order of the syntax. Reads the text anew each time. */
    List<ArgumentDoc> arguments() {
        return ArgumentText.parse(argumentText);
    }
}
