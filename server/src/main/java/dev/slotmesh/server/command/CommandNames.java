package dev.slotmesh.server.command;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the commands answer to: their own names, until lines {@code rename-command} change that.
 *
 * <p>Knows all commands of Redis, not only those that work here, so that a file that disables one of the others is taken. A
 * command goes by its own name everywhere else: in COMMAND, in statistics, in ACL rules. For one thread.
 */
public final class CommandNames {
    /** From a name in lower case to the command's own. */
    private final Map<String, String> commands = new HashMap<>();

    private boolean changed;

    /** Every command under its own name. */
    public CommandNames() {}

    /**
     * Carries out a line {@code rename-command}.
     *
     * @param name the name the command answers to so far, in any case
     * @param newName the only one it answers to from now on; empty for none
     * @return empty when done, else the reason in Redis's words and nothing is changed
     */
    public Optional<String> rename(String name, String newName) {
        if (!changed) {
            CommandTable.describedNames().stream()
                    .filter(described -> described.indexOf('|') < 0)
                    .forEach(described -> commands.put(described, described));
            changed = true;
        }
        String from = lowerCase(name);
        String to = lowerCase(newName);
        if (!commands.containsKey(from)) {
            return Optional.of("No such command in rename-command");
        }
        if (!to.equals(from) && commands.containsKey(to)) {
            return Optional.of("Target command name already exists");
        }
        String command = commands.remove(from);
        if (!to.isEmpty()) {
            commands.put(to, command);
        }
        return Optional.empty();
    }

    /** The commands by what they answer to; those that answer to nothing are left out. */
    Map<String, CommandSpec> of(Map<String, CommandSpec> byOwnName) {
        if (!changed) {
            return byOwnName;
        }
        Map<String, CommandSpec> named = new HashMap<>();
        commands.forEach((name, command) -> {
            CommandSpec spec = byOwnName.get(command);
            if (spec != null) {
                named.put(name, spec);
            }
        });
        return named;
    }

    /** Only ASCII letters have two cases: a character stands for a byte. */
    static String lowerCase(String name) {
        StringBuilder lower = new StringBuilder(name);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return lower.toString();
    }
}
