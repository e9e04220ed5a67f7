package dev.slotmesh.server.command;

import dev.slotmesh.resp.Request;

import io.netty.buffer.ByteBuf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The commands this server carries out: descriptions joined with handlers. Immutable, shared by all threads.
 *
 * <p>Only bound commands are in the table. A container is in it when it or one of its subcommands is bound.
 *
 * @param <H> the dispatcher's handler type
 */
public final class CommandTable<H> {
    private final List<CommandSpec> all;
    private final NameIndex commands;
    private final Object[] handlers;

    private CommandTable(List<CommandSpec> all, NameIndex commands, Object[] handlers) {
        this.all = all;
        this.commands = commands;
        this.handlers = handlers;
    }

    /**
     * Builds the table of these commands under their own names.
     *
     * @throws IllegalArgumentException if a name is bound twice or no description has it
     */
    public static <H> CommandTable<H> build(Collection<BoundCommand<H>> bound) {
        return build(bound, new CommandNames());
    }

    /**
     * Builds the table of these commands.
     *
     * @param names what each command answers to
     * @throws IllegalArgumentException if a name is bound twice or no description has it
     */
    public static <H> CommandTable<H> build(Collection<BoundCommand<H>> bound, CommandNames names) {
        Map<String, CommandDescription> descriptions = new HashMap<>(1024);
        for (CommandDescription description : CommandDescriptions.all()) {
            descriptions.put(description.name(), description);
        }
        Map<String, H> handlers = new HashMap<>(2 * bound.size());
        Map<String, List<CommandDescription>> subcommands = new TreeMap<>();
        for (BoundCommand<H> command : bound) {
            CommandDescription description = descriptions.get(command.name());
            if (description == null) {
                throw new IllegalArgumentException("no description of command " + command.name());
            }
            if (handlers.put(command.name(), command.handler()) != null) {
                throw new IllegalArgumentException("command bound twice: " + command.name());
            }
            String container = description.container();
            if (container == null) {
                subcommands.computeIfAbsent(description.name(), name -> new ArrayList<>());
            } else {
                subcommands
                        .computeIfAbsent(container, name -> new ArrayList<>())
                        .add(description);
            }
        }
        return assemble(descriptions, subcommands, handlers, names);
    }

    /** Reads the descriptions ahead, so that a start may do it beside other work. */
    public static void preload() {
        if (CommandDescriptions.all().isEmpty()) {
            throw new IllegalStateException("no command is described");
        }
    }

    /** The full names of all commands and subcommands that can be bound. */
    public static List<String> describedNames() {
        return CommandDescriptions.all().stream().map(CommandDescription::name).toList();
    }

    /**
     * The command whose name, in any case, is these bytes; null if there is none. Allocates nothing.
     *
     * @param offset absolute index of the first byte in {@code buf}
     * @param length 0 or more
     */
    public CommandSpec find(ByteBuf buf, int offset, int length) {
        return commands.find(buf, offset, length);
    }

    /**
     * The command or subcommand that a request asks for, or null when there is none. A container without a second argument
     * is found itself; with one that names no subcommand nothing is found. Allocates nothing.
     *
     * @param request has one argument or more
     */
    public CommandSpec find(Request request) {
        return find(request, 0);
    }

    /** As {@link #find(Request)}, for a command line that begins at argument {@code first} of the request. */
    CommandSpec find(Request request, int first) {
        CommandSpec command =
                commands.find(request.buffer(), request.offset(first), request.length(first));
        if (command == null || !command.isContainer() || request.argumentCount() == first + 1) {
            return command;
        }
        return command.subcommand(
                request.buffer(), request.offset(first + 1), request.length(first + 1));
    }

    /** The command of this full name ({@code get}, {@code CLUSTER|MEET}) in any case; null if there is none. */
    public CommandSpec find(String fullName) {
        int bar = fullName.indexOf('|');
        if (bar < 0) {
            return commands.find(fullName);
        }
        CommandSpec container = commands.find(fullName.substring(0, bar));
        return container == null ? null : container.subcommand(fullName.substring(bar + 1));
    }

    /** The handler bound to this command of this table; null for a container without one. */
    @SuppressWarnings("unchecked")
    public H handler(CommandSpec command) {
        return (H) handlers[command.index()];
    }

    /** The number of commands and subcommands; all {@link CommandSpec#index} are smaller. */
    public int size() {
        return all.size();
    }

    /** The command with this {@link CommandSpec#index}. */
    public CommandSpec at(int index) {
        return all.get(index);
    }

    /** The commands that answer to a name, without their subcommands, in alphabetical order of their own names. */
    public List<CommandSpec> commands() {
        return commands.all();
    }

    private static <H> CommandTable<H> assemble(
            Map<String, CommandDescription> descriptions,
            Map<String, List<CommandDescription>> subcommands,
            Map<String, H> handlers,
            CommandNames names) {
        List<CommandSpec> all = new ArrayList<>();
        Map<String, CommandSpec> top = new HashMap<>();
        subcommands.forEach((name, inner) -> {
            List<CommandSpec> specs = new ArrayList<>();
            for (CommandDescription description : inner) {
                specs.add(new CommandSpec(description, all.size(), null));
                all.add(specs.get(specs.size() - 1));
            }
            NameIndex index = specs.isEmpty() ? null : NameIndex.of(specs);
            CommandSpec spec = new CommandSpec(descriptions.get(name), all.size(), index);
            all.add(spec);
            top.put(name, spec);
        });
        Object[] byIndex = new Object[all.size()];
        for (CommandSpec spec : all) {
            byIndex[spec.index()] = handlers.get(spec.name());
        }
        return new CommandTable<>(List.copyOf(all), new NameIndex(names.of(top)), byIndex);
    }
}
