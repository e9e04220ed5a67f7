package dev.slotmesh.server.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.server.command.BoundCommand;
import dev.slotmesh.server.command.CommandTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which commands of a node's log go with slots that move, and where the reader may stop. */
final class SlotStreamTest {
    private static final CommandTable<String> TABLE =
            CommandTable.build(CommandTable.describedNames().stream()
                    .map(name -> new BoundCommand<>(name, name))
                    .toList());
    private static final String HERE = Migrating.keys("here", 0, 99, 1).get(0);
    private static final String AWAY = Migrating.keys("away", 100, 16383, 1).get(0);
    private static final String MULTI = command("MULTI");
    private static final String EXEC = command("EXEC");

    private final SlotStream stream = new SlotStream(TABLE, SlotSet.ofRange(0, 99), 1_000_000);

    @AfterEach
    void close() {
        stream.close();
    }

    private static String command(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    private void append(String commands) {
        ByteBuf bytes =
                Unpooled.directBuffer().writeBytes(commands.getBytes(StandardCharsets.ISO_8859_1));
        stream.append(0, bytes.memoryAddress(), bytes.readableBytes());
        bytes.release();
    }

    private String takeAll() {
        return String.join("", takeUpTo(stream.keptBytes(), 7));
    }

    private List<String> takeUpTo(long end, int most) {
        List<String> taken = new ArrayList<>();
        ByteBuf some = stream.take(end, most);
        while (some != null) {
            taken.add(some.toString(StandardCharsets.ISO_8859_1));
            some.release();
            some = stream.take(end, most);
        }
        return taken;
    }

    @Test
    void shouldKeepCommandsOfTheSlotsInTheirOrder() {
        String set = command("SET", HERE, "1");
        String delete = command("DEL", HERE, "{" + HERE + "}other");

        append(set + command("SET", AWAY, "2") + delete + command("PUBLISH", HERE, "text"));
        append(command("SPUBLISH", HERE, "text") + set);

        assertThat(takeAll()).isEqualTo(set + delete + set);
        assertThat(stream.failure()).isNull();
        assertThat(stream.waitingBytes()).isZero();
    }

    @Test
    void shouldKeepOfATransactionWhatIsOfTheSlots() {
        String mine = command("INCR", HERE);

        append(MULTI + command("INCR", AWAY) + mine + mine + EXEC + mine);
        append(MULTI + command("INCR", AWAY) + EXEC);

        assertThat(takeAll()).isEqualTo(MULTI + mine + mine + EXEC + mine);
    }

    /** What steers the target is put in where a reader has stopped. */
    @Test
    void shouldStopTheReaderBehindWholeUnitsOnly() {
        String first = MULTI + command("INCR", HERE) + EXEC;
        append(first);
        long end = stream.keptBytes();
        append(command("SET", HERE, "x".repeat(300_000)));

        assertThat(String.join("", takeUpTo(end, 1 << 20))).isEqualTo(first);
        assertThat(takeUpTo(end, 1 << 20)).isEmpty();
        assertThat(takeAll()).hasSize((int) (stream.keptBytes() - end));
    }

    @Test
    void shouldEndWithADatabaseOrWhenTheReaderIsTooSlow() {
        append(command("FLUSHALL", "ASYNC") + command("SET", HERE, "1"));
        assertThat(stream.failure()).contains("FLUSHALL");
        assertThat(stream.isActive()).isFalse();
        assertThat(stream.keptBytes()).isZero();

        try (TooSlow slow = new TooSlow()) {
            assertThat(slow.stream.failure()).contains("10 bytes of changes");
        }
    }

    /** A stream of which nobody takes anything. */
    private final class TooSlow implements AutoCloseable {
        private final SlotStream stream = new SlotStream(TABLE, SlotSet.ofRange(0, 99), 10);

        TooSlow() {
            ByteBuf bytes = Unpooled.directBuffer()
                    .writeBytes(command("SET", HERE, "1").getBytes(StandardCharsets.ISO_8859_1));
            stream.append(0, bytes.memoryAddress(), bytes.readableBytes());
            bytes.release();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
