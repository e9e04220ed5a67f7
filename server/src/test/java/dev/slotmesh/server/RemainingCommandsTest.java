package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.command.CommandTable;
import dev.slotmesh.server.session.CommandHandler;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Every command of redis-server 7.0 is carried out by a node, but those listed here. (That all are described alike, in arity,
 * flags, keys and ACL categories, is tested where they are described.)
 */
final class RemainingCommandsTest {
    /** What belongs to features that are not there yet, by feature. */
    private static final List<String> REMAINING = List.of(
            // Scripts and functions
            "eval eval_ro evalsha evalsha_ro fcall fcall_ro function|delete function|dump function|flush function|help"
                    + " function|kill function|list function|load function|restore function|stats script|debug"
                    + " script|exists script|flush script|help script|kill script|load",
            // Users
            "acl|cat acl|deluser acl|dryrun acl|genpass acl|getuser acl|help acl|list acl|load acl|log acl|save"
                    + " acl|setuser acl|users acl|whoami",
            // Observation
            "latency|doctor latency|graph latency|help latency|histogram latency|history latency|latest latency|reset"
                    + " monitor slowlog|get slowlog|help slowlog|len slowlog|reset",
            // Client-side caching
            "client|caching client|getredir client|tracking client|trackinginfo",
            // Modules, and fun
            "module|help module|list module|load module|loadex module|unload lolwut");

    @Test
    void shouldCarryOutEveryCommandButTheRemainingOnes() throws Exception {
        try (Node node = EmbeddedNode.start()) {
            CommandTable<CommandHandler> table = node.dispatcher().table();
            Assumptions.assumeTrue(table.find("zadd") != null, "every type is there");

            List<String> missing = CommandTable.describedNames().stream()
                    .filter(name -> !isContainer(name))
                    .filter(name ->
                            table.find(name) == null || table.handler(table.find(name)) == null)
                    .toList();

            assertThat(missing)
                    .containsExactlyInAnyOrderElementsOf(REMAINING.stream()
                            .flatMap(names -> Arrays.stream(names.split(" ")))
                            .toList());
        }
    }

    /** Whether a command only has subcommands: then there is nothing to carry out. */
    private static boolean isContainer(String name) {
        return CommandTable.describedNames().stream()
                .anyMatch(other -> other.startsWith(name + "|"));
    }
}
