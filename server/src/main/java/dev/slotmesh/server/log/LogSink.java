package dev.slotmesh.server.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where lines go: standard output, or the end of a file.
 *
 * <p>All fields but the count are guarded by this object's monitor, which is held for the one write of a line. Streams rather
 * than channels: an interrupt of the writing thread would close a channel for everybody. Redis opens the file anew for each
 * line, so that operators rotate it by moving it away; here it is looked at once a second and opened anew when it is no longer
 * the same file.
 */
final class LogSink {
    private static final long LOOK_INTERVAL_MS = 1000;

    private final AtomicLong lostLines = new AtomicLong();
    private Optional<Path> path = Optional.empty();
    private OutputStream stream = standardOutput();
    private Object fileKey = "";
    private long lookedAtMs;

    synchronized void open(Optional<Path> file) throws IOException {
        OutputStream opened = standardOutput();
        Object key = "";
        if (file.isPresent()) {
            opened = append(file.get());
            key = key(file.get()).orElse("");
        }
        closeFile();
        stream = opened;
        fileKey = key;
        path = file;
    }

    synchronized void write(byte[] line, long nowMs) {
        try {
            if (path.isPresent()
                    && (nowMs - lookedAtMs >= LOOK_INTERVAL_MS || nowMs < lookedAtMs)) {
                lookedAtMs = nowMs;
                reopenWhenMoved(path.get());
            }
            stream.write(line);
        } catch (IOException cannotBeLogged) {
            lostLines.incrementAndGet();
        }
    }

    synchronized void close() {
        closeFile();
        stream = standardOutput();
        path = Optional.empty();
    }

    long lostLines() {
        return lostLines.get();
    }

    private void reopenWhenMoved(Path file) throws IOException {
        Optional<Object> key = key(file);
        if (key.isEmpty() || !Objects.equals(key.get(), fileKey)) {
            OutputStream opened = append(file);
            closeFile();
            stream = opened;
            fileKey = key(file).orElse("");
        }
    }

    /** The identity of the file of this name, or empty when there is none. */
    private static Optional<Object> key(Path file) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private void closeFile() {
        if (path.isEmpty()) {
            return;
        }
        try {
            stream.close();
        } catch (IOException lost) {
            lostLines.incrementAndGet();
        }
    }

    private static OutputStream append(Path file) throws IOException {
        return new FileOutputStream(file.toFile(), true);
    }

    /** The process's descriptor itself: System.out would lock, encode and swallow errors on its own. */
    private static OutputStream standardOutput() {
        return new FileOutputStream(FileDescriptor.out);
    }
}
