package dev.slotmesh.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandTableTest {
    private static final CommandTable<String> SMALL =
            AllCommands.tableOf(List.of("get", "set", "cluster|meet"));

    @Test
    void shouldHoldBoundCommandsAndTheirContainersOnly() {
        assertThat(SMALL.commands())
                .extracting(CommandSpec::name)
                .containsExactly("cluster", "get", "set");
        assertThat(SMALL.size()).isEqualTo(4);
        assertThat(SMALL.find("cluster").subcommands())
                .extracting(CommandSpec::name)
                .containsExactly("cluster|meet");
        assertThat(SMALL.find("cluster|nodes")).isNull();
        assertThat(SMALL.find("del")).isNull();
    }

    @Test
    void shouldGiveEachCommandItsHandler() {
        assertThat(SMALL.handler(SMALL.find("get"))).isEqualTo("get");
        assertThat(SMALL.handler(SMALL.find("CLUSTER|MEET"))).isEqualTo("cluster|meet");
        assertThat(SMALL.handler(SMALL.find("cluster"))).isNull();
        assertThat(AllCommands.TABLE.handler(AllCommands.TABLE.find("command")))
                .isEqualTo("command");
    }

    @Test
    void shouldNumberCommandsDensely() {
        Set<Integer> seen = new HashSet<>();
        for (String name : AllCommands.names()) {
            CommandSpec command = AllCommands.TABLE.find(name);

            assertThat(AllCommands.TABLE.at(command.index())).isSameAs(command);
            assertThat(command.index()).isBetween(0, AllCommands.TABLE.size() - 1);
            assertThat(seen.add(command.index())).as(name).isTrue();
        }
        assertThat(seen).hasSize(AllCommands.TABLE.size());
    }

    @Test
    void shouldRefuseUnknownAndRepeatedNames() {
        assertThatThrownBy(() -> AllCommands.tableOf(List.of("get", "nope")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nope");
        assertThatThrownBy(() -> AllCommands.tableOf(List.of("get", "set", "get")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("get");
    }

    @Test
    void shouldFindEveryNameInAnyCaseWhereverItStands() {
        SplittableRandom random = new SplittableRandom(1);
        for (String name : AllCommands.names()) {
            CommandSpec expected = AllCommands.TABLE.find(name);
            for (String form : List.of(name, name.toUpperCase(Locale.ROOT), mixed(name, random))) {
                assertThat(lookUp(form, 0, 0)).as(form).isSameAs(expected);
                assertThat(lookUp(form, 3, 9)).as(form).isSameAs(expected);
            }
        }
    }

    @Test
    void shouldFindNothingUnderAlmostTheSameBytes() {
        SplittableRandom random = new SplittableRandom(2);
        Set<String> names = Set.copyOf(AllCommands.names());
        for (String name : names) {
            for (int i = 0; i < name.length() * 8; i++) {
                StringBuilder other = new StringBuilder(name);
                int at = i / 8;
                other.setCharAt(at, (char) (name.charAt(at) ^ 1 << i % 8));
                assertUnknownUnlessEqual(other.toString(), names);
            }
            assertUnknownUnlessEqual(name + (char) random.nextInt(256), names);
            assertUnknownUnlessEqual(name.substring(1), names);
            assertUnknownUnlessEqual(name.substring(0, name.length() - 1), names);
            assertUnknownUnlessEqual(name + "\0", names);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 25, 1000})
    void shouldFindNothingUnderNamesOfNoCommandsLength(int length) {
        ByteBuf bytes = Unpooled.buffer()
                .writeBytes("g".repeat(length).getBytes(StandardCharsets.US_ASCII));

        assertThat(AllCommands.TABLE.find(bytes, 0, length)).isNull();
        assertThat(AllCommands.TABLE.find("g".repeat(length))).isNull();
    }

    @Test
    void shouldFollowARequestIntoItsContainer() {
        CommandTable<String> table = AllCommands.TABLE;

        assertThat(table.find(AllCommands.request("get", "k")).name()).isEqualTo("get");
        assertThat(table.find(AllCommands.request("CLUSTER")).name()).isEqualTo("cluster");
        assertThat(table.find(AllCommands.request("Cluster", "MEET", "h", "1")).name())
                .isEqualTo("cluster|meet");
        assertThat(table.find(AllCommands.request("cluster", "nope"))).isNull();
        assertThat(table.find(AllCommands.request("nope", "meet"))).isNull();
        assertThat(table.find(AllCommands.request("command")).isContainer()).isTrue();
        assertThat(table.find(AllCommands.request("get", "k")).subcommand("k")).isNull();
    }

    @Test
    void shouldCheckTheNumberOfArguments() {
        CommandSpec get = AllCommands.TABLE.find("get");
        CommandSpec meet = AllCommands.TABLE.find("cluster|meet");

        assertThat(List.of(
                        get.acceptsArgumentCount(1),
                        get.acceptsArgumentCount(2),
                        get.acceptsArgumentCount(3)))
                .containsExactly(false, true, false);
        assertThat(meet.arity()).isEqualTo(-4);
        assertThat(List.of(
                        meet.acceptsArgumentCount(3),
                        meet.acceptsArgumentCount(4),
                        meet.acceptsArgumentCount(9)))
                .containsExactly(false, true, true);
    }

    @Test
    void shouldKnowTheFlagsThatRepliesHide() {
        assertThat(AllCommands.TABLE.find("publish").has(CommandFlags.MAY_REPLICATE))
                .isTrue();
        assertThat(AllCommands.TABLE.find("debug").has(CommandFlags.PROTECTED)).isTrue();
        assertThat(CommandFlags.names(AllCommands.TABLE.find("spublish").flags()))
                .containsExactly("pubsub", "loading", "stale", "fast", "may_replicate");
        assertThat(AllCommands.TABLE.find("get").has(CommandFlags.WRITE | CommandFlags.ADMIN))
                .isFalse();
    }

    @Test
    void shouldLookUpWithoutAllocation() {
        ByteBuf bytes = Unpooled.buffer()
                .writeBytes("xxGEORADIUS_roxxgetxx".getBytes(StandardCharsets.US_ASCII));
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        int found = 0;
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < rounds; i++) {
            found += AllCommands.TABLE.find(bytes, 2, 12) == null ? 0 : 1;
            found += AllCommands.TABLE.find(bytes, 16, 3) == null ? 0 : 1;
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(rounds);
        assertThat(found).isEqualTo(2 * rounds);
    }

    private static void assertUnknownUnlessEqual(String name, Set<String> names) {
        if (!names.contains(name.toLowerCase(Locale.ROOT))
                && name.indexOf('|') == name.lastIndexOf('|')) {
            assertThat(lookUp(name, 1, 0)).as(name).isNull();
            assertThat(lookUp(name, 1, 20)).as(name).isNull();
            assertThat(AllCommands.TABLE.find(name)).as(name).isNull();
        }
    }

    /** Looks a full name up in bytes, with others before it and room behind it. */
    private static CommandSpec lookUp(String fullName, int before, int room) {
        byte[] name = fullName.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf bytes = Unpooled.buffer(before + name.length + room, before + name.length + room);
        bytes.writerIndex(before).writeBytes(name);
        int bar = fullName.indexOf('|');
        if (bar < 0) {
            return AllCommands.TABLE.find(bytes, before, name.length);
        }
        CommandSpec container = AllCommands.TABLE.find(bytes, before, bar);
        return container == null
                ? null
                : container.subcommand(bytes, before + bar + 1, name.length - bar - 1);
    }

    private static String mixed(String name, SplittableRandom random) {
        StringBuilder mixed = new StringBuilder();
        for (char c : name.toCharArray()) {
            mixed.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
        }
        return mixed.toString();
    }
}
