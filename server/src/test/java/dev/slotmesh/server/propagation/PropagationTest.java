package dev.slotmesh.server.propagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestDecoder;
import dev.slotmesh.resp.RequestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PropagationTest {
    private final SlotLocks locks = new SlotLocks(true);
    private final CommandLog log = new CommandLog(locks);
    private final Propagation propagation = new Propagation(log);
    private final RecordedStream stream = new RecordedStream();
    private final ByteBuf input = Unpooled.directBuffer();

    @AfterEach
    void release() {
        input.release();
    }

    @Test
    void shouldCollectNothingWhenNobodyListens() {
        assertThat(propagation.begin()).isFalse();

        propagation.command(0, 2).word("DEL").word("k");

        assertThat(propagation.end()).isEqualTo(-1);
    }

    @Test
    void shouldTellOfACommandAsItCame() {
        attach();

        propagation.begin();
        changed(3, "*3\r\n$3\r\nseT\r\n$1\r\nk\r\n$2\r\n\r\n\r\n");
        long offset = propagation.end();

        assertThat(stream.take()).containsExactly(command("SELECT 3"), List.of("seT", "k", "\r\n"));
        assertThat(offset).isEqualTo(stream.endOffset());
    }

    @Test
    void shouldBringAnInlineRequestIntoTheUsualForm() {
        attach();
        propagation.begin();

        changed(0, "set  'a key'   1\r\n");
        propagation.end();

        assertThat(stream.take())
                .containsExactly(command("SELECT 0"), List.of("set", "a key", "1"));
        assertThat(stream.endOffset()).isEqualTo(31);
    }

    @Test
    void shouldWrapAUnitOfSeveralCommands() {
        attach();
        propagation.begin();

        changed(0, "set a 1\r\n");
        propagation.command(0, 3).word("SREM").word("k").number(-17);
        propagation.command(0, 2).word("DEL").bytes(new byte[] {'k'});
        propagation.endUnit();
        changed(2, "set b 1\r\n");
        propagation.command(4, 2).word("DEL").word("x");
        propagation.endUnit();
        changed(4, "set c 1\r\n");
        propagation.end();

        assertThat(stream.take())
                .containsExactly(
                        command("SELECT 0"),
                        command("set a 1"),
                        command("MULTI"),
                        command("SREM k -17"),
                        command("DEL k"),
                        command("EXEC"),
                        command("SELECT 2"),
                        command("set b 1"),
                        command("SELECT 4"),
                        command("DEL x"),
                        command("set c 1"));
    }

    @Test
    void shouldWrapCommandsOfSeveralDatabases() {
        attach();
        propagation.begin();

        propagation.command(2, 2).word("DEL").word("a");
        propagation.command(4, 2).word("DEL").word("b");
        propagation.command(2, 2).word("DEL").word("c");
        propagation.end();

        assertThat(stream.take())
                .containsExactly(
                        command("SELECT 2"),
                        command("MULTI"),
                        command("DEL a"),
                        command("SELECT 4"),
                        command("DEL b"),
                        command("SELECT 2"),
                        command("DEL c"),
                        command("EXEC"));
    }

    @Test
    void shouldForgetWhatAFailedCommandBegan() {
        attach();
        propagation.begin();

        changed(0, "set a 1\r\n");
        propagation.commandBegins();
        propagation.command(0, 3).word("SET").word("k");
        propagation.dropUnfinished();
        propagation.commandDone(0, new Request(), false);
        propagation.end();

        assertThat(stream.take()).containsExactly(command("SELECT 0"), command("set a 1"));
    }

    @Test
    void shouldTellAtOnceOutsideOfLocks() {
        attach();

        propagation.command(1, 2).word("DEL").word("a");
        log.appendAlone(1, ascii("DEL"), ascii("b"));

        assertThat(stream.take())
                .containsExactly(command("SELECT 1"), command("DEL a"), command("DEL b"));
    }

    @Test
    void shouldRefuseACommandWithTooFewArguments() {
        attach();
        propagation.begin();

        propagation.command(0, 3).word("SET").word("k");

        assertThatThrownBy(() -> propagation.commandDone(0, new Request(), true))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> propagation.command(0, 1).word("PING").word("more"))
                .isInstanceOf(IllegalStateException.class);
    }

    private void attach() {
        locks.lockWorld();
        log.attachReplication(stream);
        locks.unlockWorld();
    }

    /** A request is executed, tells of itself and ends its unit. */
    private void changed(int database, String wire) {
        input.clear().writeBytes(ascii(wire));
        Request request = new Request();
        assertThat(new RequestDecoder(RequestLimits.DEFAULT).decode(input, request))
                .isEqualTo(RequestDecoder.Outcome.REQUEST);
        propagation.commandBegins();
        propagation.commandDone(database, request, true);
        propagation.endUnit();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> command(String words) {
        return List.of(words.split(" "));
    }
}
