package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.config.AppendFsync;
import dev.slotmesh.server.log.NodeLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which file gets what, and what is remembered of failures. */
@Timeout(60)
final class AofWriterTest {
    @TempDir
    private Path directory;

    private final AppendBuffer buffer = new AppendBuffer();
    private AppendFsync policy = AppendFsync.EVERYSEC;
    private boolean ended;
    private final AofWriter writer =
            new AofWriter(buffer, new NodeLog(""), () -> policy, () -> false, () -> ended = true);

    /** A successor whose file is made at once. */
    private final class Next implements AofWriter.Successor {
        private final AppendFile file;

        Next(String name) throws IOException {
            file = AppendFile.create(directory.resolve(name));
        }

        @Override
        public AppendFile take() {
            return file;
        }

        @Override
        public void refused(IOException cause) {
            throw new AssertionError(cause);
        }
    }

    private void append(String text) {
        ByteBuf bytes = Unpooled.directBuffer()
                .writeBytes((text + " ").getBytes(StandardCharsets.US_ASCII));
        try {
            buffer.append(-1, bytes.memoryAddress(), bytes.readableBytes());
        } finally {
            bytes.release();
        }
    }

    private String content(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    /** The base of the second rewrite has what came before its own mark. */
    @Test
    void shouldNotTakeTheFileOfARewriteAtTheMarkOfOneThatFailed() throws Exception {
        writer.begin(AppendFile.create(directory.resolve("first")));
        append("a");
        writer.prepare(new Next("given-up"));
        buffer.switchHere();
        append("b");
        writer.withdraw();

        writer.prepare(new Next("second"));
        writer.commitNow();
        append("c");
        buffer.switchHere();
        append("d");
        writer.commitNow();
        writer.end();

        assertThat(content("first")).isEqualTo("a b c ");
        assertThat(content("given-up")).isEmpty();
        assertThat(content("second")).isEqualTo("d ");
    }

    /** The null device takes everything and cannot be forced. */
    @Test
    void shouldPromiseNothingOfAFileThatItsSuccessorHasReplacedUnforced() throws Exception {
        policy = AppendFsync.ALWAYS;
        writer.begin(AppendFile.open(Path.of("/dev/null")));
        append("a");
        writer.prepare(new Next("second"));
        buffer.switchHere();
        append("b");

        assertThat(writer.commit()).isFalse();
        assertThat(ended).isTrue();
    }

    @Test
    void shouldForgetThatAFileCouldNotBeForcedWithTheFile() throws Exception {
        writer.begin(AppendFile.open(Path.of("/dev/null")));
        append("a");
        writer.commit();
        Awaitility.await().until(() -> {
            writer.turn();
            return writer.error() != null;
        });

        writer.end();
        writer.begin(AppendFile.create(directory.resolve("another")));

        assertThat(writer.error()).isNull();
        writer.end();
    }
}
