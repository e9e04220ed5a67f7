package dev.slotmesh.server.persistence.aof;

import dev.slotmesh.keyspace.rdb.RdbFileSummary;
import dev.slotmesh.keyspace.rdb.RdbFormatException;
import dev.slotmesh.keyspace.rdb.RdbLoadListener;
import dev.slotmesh.keyspace.rdb.RdbSource;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.LoadFailure;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.persistence.RdbFileSource;
import dev.slotmesh.server.persistence.RdbLoads;
import dev.slotmesh.server.session.Applier;
import dev.slotmesh.server.session.Dispatcher;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Loads one file: commands, an image in the form of RDB, or such an image and then commands. For one thread. */
final class PartLoader {
    private static final byte[] RDB = "REDIS".getBytes(StandardCharsets.US_ASCII);
    private static final int PIECE_BYTES = 1 << 18;

    private final Dispatcher dispatcher;
    private final RdbLoads loads;
    private final Loading loading;
    private final NodeLog log;
    private final String name;
    private final boolean oldStyle;

    /** What becomes of a last command, or transaction, that is not complete. */
    enum Tail {
        /** It is cut off the file. */
        CUT,
        /** It is an error: aof-load-truncated is off. */
        REFUSED,
        /** It is an error: the next file continues something else. */
        INNER
    }

    /** What the loading of all parts shares. */
    record Tools(Dispatcher dispatcher, RdbLoads loads, Loading loading, NodeLog log) {}

    /** @param oldStyle whether the file may be of a version that had one file only */
    PartLoader(Tools tools, String name, boolean oldStyle) {
        this.dispatcher = tools.dispatcher();
        this.loads = tools.loads();
        this.loading = tools.loading();
        this.log = tools.log();
        this.name = name;
        this.oldStyle = oldStyle;
    }

    /**
     * Loads the file.
     *
     * @param before bytes of the files before it, for the progress
     * @throws LoadFailure when the content is wrong; the file is as it was then
     */
    void load(Path path, long before, Tail tail) throws IOException, LoadFailure {
        long whole;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long start = beginsAsRdb(file) ? loadImage(file) : 0;
            if (start == file.size()) {
                return;
            }
            if (start > 0 && oldStyle) {
                log.notice("Reading the remaining AOF tail...");
            }
            file.position(start);
            whole = loadCommands(file, before);
            if (whole == file.size()) {
                return;
            }
        }
        endEarly(path, whole, tail);
    }

    private static boolean beginsAsRdb(FileChannel file) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(RDB.length);
        while (first.hasRemaining() && file.read(first) >= 0) {
            // Until there are as many.
        }
        return first.flip().equals(ByteBuffer.wrap(RDB));
    }

    /** Loads the image that the file begins with. Returns its length in bytes. */
    private long loadImage(FileChannel file) throws IOException, LoadFailure {
        log.notice(
                oldStyle
                        ? "Reading RDB preamble from AOF file..."
                        : "Reading RDB base file on AOF loading...");
        try (RdbFileSource source = RdbFileSource.over(file)) {
            // Behind the image of an old file come commands, which are not to be read ahead as
            // well.
            RdbSource image = oldStyle ? source::read : source;
            RdbFileSummary summary =
                    loads.load(image, loads.settings().keepingExpired(), RdbLoadListener.NONE);
            return summary.bytes();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        } catch (RdbFormatException wrong) {
            throw new LoadFailure(
                    "Error reading the RDB preamble of the AOF file " + name
                            + ", AOF loading aborted: at offset " + wrong.offset() + ": "
                            + wrong.getMessage(),
                    wrong);
        }
    }

    /** Returns where the last command or transaction that is complete ends. */
    private long loadCommands(FileChannel file, long before) throws IOException, LoadFailure {
        long start = file.position();
        ByteBuf in = Unpooled.directBuffer(PIECE_BYTES);
        try (Applier applier = dispatcher.applier((command, error) -> log.warning(
                "== CRITICAL == This server is sending an error to its AOF-loading-client: '"
                        + error.replaceFirst("^ERR ", "") + "' after processing the command '"
                        + command.name() + "'"))) {
            while (true) {
                if (!fill(in, file, applier.missingBytes())) {
                    break;
                }
                Applier.Outcome outcome = applier.apply(in);
                if (outcome != Applier.Outcome.MORE) {
                    throw wrong(outcome, applier, start + applier.consumedBytes());
                }
                loading.progress(before + start + applier.consumedBytes());
            }
            if (applier.inTransaction()) {
                log.warning("Revert incomplete MULTI/EXEC transaction in AOF file " + name);
            }
            boolean whole = !in.isReadable() && !applier.inTransaction();
            return whole ? file.size() : start + applier.settledBytes();
        } finally {
            in.release();
        }
    }

    /** Reads on behind what is there. Returns false at the end of the file. */
    private static boolean fill(ByteBuf in, FileChannel file, int missingBytes) throws IOException {
        in.discardReadBytes();
        in.ensureWritable(Math.max(PIECE_BYTES / 2, missingBytes));
        return in.writeBytes(file, in.writableBytes()) > 0;
    }

    private LoadFailure wrong(Applier.Outcome outcome, Applier applier, long offset) {
        String text = outcome == Applier.Outcome.UNKNOWN
                ? "Unknown command '" + applier.unknownName() + "' reading the append only file "
                        + name
                : "Bad file format reading the append only file " + name
                        + ": make a backup of your AOF file, then use ./redis-check-aof --fix"
                        + " <filename.manifest>";
        return new LoadFailure(text + " (at offset " + offset + ")", null);
    }

    /** The file ends within a command or a transaction, which begins at an offset. */
    private void endEarly(Path path, long offset, Tail tail) throws IOException, LoadFailure {
        if (tail == Tail.REFUSED) {
            throw new LoadFailure(
                    "Unexpected end of file reading the append only file " + name
                            + ". You can: 1) Make a backup of your AOF file, then use ./redis-check-aof"
                            + " --fix <filename.manifest>. 2) Alternatively you can set the"
                            + " 'aof-load-truncated' configuration option to yes and restart the server.",
                    null);
        }
        log.warning("!!! Warning: short read while loading the AOF file " + name + "!!!");
        if (tail == Tail.INNER) {
            throw new LoadFailure("Fatal error: the truncated file is not the last file", null);
        }
        log.warning("!!! Truncating the AOF " + name + " at offset " + offset + " !!!");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(offset);
            file.force(true);
        }
        log.warning("AOF " + name + " loaded anyway because aof-load-truncated is enabled");
    }
}
