package dev.slotmesh.server.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.persistence.RdbFileSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the files of received images hold and what is left of them. */
@Timeout(120)
final class ImageFilesTest {
    private static final String IMAGE = "the primary's image";

    @TempDir
    private Path directory;

    private ImageFiles files;

    @BeforeEach
    void prepare() throws Exception {
        files = new ImageFiles(Configuration.of("--dir", directory.toString()));
    }

    private static ImageQueue queueOf(String image) {
        ImageQueue queue = new ImageQueue(() -> {});
        queue.put(PooledByteBufAllocator.DEFAULT
                .directBuffer()
                .writeBytes(image.getBytes(StandardCharsets.US_ASCII)));
        queue.end();
        return queue;
    }

    private static String content(RdbFileSource received) {
        ByteBuf into = PooledByteBufAllocator.DEFAULT.directBuffer(64);
        try {
            int count = received.read(new ByteSpan().set(into.memoryAddress(), 64));
            return into.writerIndex(count).toString(StandardCharsets.US_ASCII);
        } finally {
            into.release();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A save that ends meanwhile gives its file the same name. */
    @Test
    void shouldLoadWhatWasReceivedWhateverTakesTheNameOfTheFile() throws Exception {
        Path dump = directory.resolve("dump.rdb");
        Path other = directory.resolve("other");
        AtomicBoolean over = new AtomicBoolean();
        Thread saving = new Thread(() -> {
            try {
                while (!over.get()) {
                    Files.writeString(other, "what this node had");
                    Files.move(other, dump, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        saving.start();
        try {
            for (int i = 0; i < 200; i++) {
                try (RdbFileSource received = files.receive(queueOf(IMAGE))) {
                    assertThat(content(received)).isEqualTo(IMAGE);
                }
            }
        } finally {
            over.set(true);
            saving.join();
        }
    }

    @Test
    void shouldLeaveNothingOfAnImageThatCannotTakeItsName() throws Exception {
        Files.createDirectories(directory.resolve("dump.rdb").resolve("obstacle"));

        assertThatThrownBy(() -> files.receive(queueOf(IMAGE)).close())
                .isInstanceOf(IOException.class);

        assertThat(names()).containsExactly("dump.rdb");
    }

    @Test
    void shouldLeaveNothingOfAnImageThatBreaksOff() throws Exception {
        ImageQueue queue = new ImageQueue(() -> {});
        queue.fail("the link is gone");

        assertThatThrownBy(() -> files.receive(queue).close())
                .isInstanceOf(UncheckedIOException.class);

        assertThat(names()).isEmpty();
    }
}
