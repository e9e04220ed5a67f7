package dev.slotmesh.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.oracle.ToolRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own for a directory, in memory and of a few KiB, to be full or broken. For one thread. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK_BYTES = 512;
    private static final long LARGEST_BYTES = 16 << 20;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /**
     * Lays a disk over a directory; skips the test when it may not.
     *
     * @param size as mount has it: {@code 64k}, {@code 1m}
     */
    public static SmallDisk over(Path directory, String size) {
        SmallDisk disk = new SmallDisk(directory);
        Assumptions.assumeTrue(
                disk.succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs"),
                "may not mount a small disk");
        return disk;
    }

    /** The directory it is laid over. */
    public Path directory() {
        return directory;
    }

    /**
     * Writes a file until there is no room.
     *
     * @return the file, to be deleted when there shall be room
     */
    public Path fill() {
        Path filler = directory.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (long written = 0; written < LARGEST_BYTES; written += BLOCK_BYTES) {
                out.write(new byte[BLOCK_BYTES]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
            return filler;
        }
        throw new AssertionError("the disk is larger than asked for");
    }

    /** Gives it another size. */
    public void resize(String size) {
        demand("mount", "-o", "remount,size=" + size);
    }

    /** Lets nobody write any more. */
    public void makeReadOnly() {
        demand("mount", "-o", "remount,ro");
    }

    /** Takes it away, with what it has, even when files are open. */
    @Override
    public void close() {
        demand("umount", "-l");
    }

    private void demand(String... command) {
        if (!succeeds(command)) {
            throw new AssertionError(String.join(" ", command) + " " + directory + " failed");
        }
    }

    private boolean succeeds(String... command) {
        String[] all = Arrays.copyOf(command, command.length + 1);
        all[command.length] = directory.toString();
        try {
            return ToolRun.of(all).exitCode() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
