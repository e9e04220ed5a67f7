package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Every group of commands that is compared, one line each. */
final class CommandGroups {
    private static final List<CommandGroup> ALL = List.of(
            new BitmapGroup(),
            new DumpGroup(),
            new GeoGroup(),
            new HashGroup(),
            new HyperLogLogGroup(),
            new KeyGroup(),
            new ListGroup(),
            new SetGroup(),
            new SortedSetGroup(),
            new StreamGroup(),
            new SortGroup(),
            new StringGroup(),
            new TransactionGroup());

    private CommandGroups() {}

    /** All of them, or with {@code -Dslotmesh.differential.group=SetGroup} that one alone. */
    static List<CommandGroup> chosen() {
        String only = System.getProperty("slotmesh.differential.group", "");
        List<CommandGroup> chosen = ALL.stream()
                .filter(group ->
                        only.isEmpty() || group.getClass().getSimpleName().equals(only))
                .toList();
        assertThat(chosen).as("groups named %s", only).isNotEmpty();
        return chosen;
    }
}
