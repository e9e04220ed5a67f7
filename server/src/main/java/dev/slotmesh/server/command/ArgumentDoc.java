package dev.slotmesh.server.command;

import java.util.List;

/**
 * One argument in the syntax of a command, as COMMAND DOCS describes it.
 *
 * @param name what the argument is called
 * @param type string, integer, double, key, pattern, unix-time, pure-token, oneof or block
 * @param keySpecIndex the key specification that finds it, or -1
 * @param token the word that announces it, or null
 * @param since the version it came with, or null for the command's own
 * @param deprecatedSince the version that deprecated it, or null
 * @param flags optional, multiple, multiple_token
 * @param arguments the alternatives of a oneof, the parts of a block
 */
record ArgumentDoc(
        String name,
        String type,
        int keySpecIndex,
        String token,
        String since,
        String deprecatedSince,
        List<String> flags,
        List<ArgumentDoc> arguments) {}
