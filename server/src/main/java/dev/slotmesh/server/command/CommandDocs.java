package dev.slotmesh.server.command;

import java.util.List;

/**
 * What people read about a command.
 *
 * @param summary one short sentence
 * @param flags deprecated, syscmd
 * @param deprecatedSince the version that deprecated it, or null
 * @param replacedBy what to use instead, or null
 * @param arguments in the order of the syntax
 */
record CommandDocs(
        String summary,
        List<String> flags,
        String deprecatedSince,
        String replacedBy,
        List<ArgumentDoc> arguments) {}
