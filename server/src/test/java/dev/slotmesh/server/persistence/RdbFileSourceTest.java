package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RdbFileSourceTest {
    @Test
    void shouldHoldNoMemoryWhenThereIsNoFile(@TempDir Path directory) {
        long before = heldBytes();

        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> RdbFileSource.open(directory.resolve("dump.rdb")))
                    .isInstanceOf(NoSuchFileException.class);
        }

        assertThat(heldBytes() - before).isLessThan(1 << 20);
    }

    private static long heldBytes() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
