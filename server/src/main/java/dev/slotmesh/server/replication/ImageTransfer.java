package dev.slotmesh.server.replication;

import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.rdb.RdbFileSummary;
import dev.slotmesh.keyspace.rdb.RdbFormatException;
import dev.slotmesh.keyspace.rdb.RdbLoadListener;
import dev.slotmesh.keyspace.rdb.RdbLoadSettings;
import dev.slotmesh.keyspace.rdb.RdbSource;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.persistence.RdbFileSource;
import dev.slotmesh.server.persistence.RdbLoads;
import dev.slotmesh.server.system.DaemonThreads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Receives the image of a primary's data set and loads it, on a thread of its own: by way of a file, or straight from the link.
 *
 * <p>It is loaded into a staged keyspace and taken over as a whole once it is complete and valid; so nobody ever sees a part of
 * one. What the node had before is let go either then (swapdb) or before loading, which needs less memory.
 */
final class ImageTransfer implements Runnable {
    private final Follower follower;
    private final PrimaryLink link;
    private final Optional<Handshake.Position> position;
    private final Form form;
    private final Parts parts;
    private final ImageQueue queue;
    private final Thread thread;
    private volatile boolean begun;

    /** How an image gets into the keyspace. */
    enum Form {
        /** Into a file, and from there into the emptied keyspace. */
        FILE,
        /** From the link into the emptied keyspace. */
        STRAIGHT,
        /** From the link into a keyspace beside the present one, which stays as it is meanwhile. */
        BESIDE
    }

    /** What the node lends it. */
    record Parts(
            Keyspace keyspace, RdbLoads loads, Loading loading, ImageFiles files, NodeLog log) {}

    ImageTransfer(
            Follower follower,
            PrimaryLink link,
            Optional<Handshake.Position> position,
            Form form,
            Parts parts) {
        this.follower = follower;
        this.link = link;
        this.position = position;
        this.form = form;
        this.parts = parts;
        this.queue = new ImageQueue(link::readOn);
        this.thread = DaemonThreads.named("slotmesh-image").newThread(this);
    }

    ImageQueue queue() {
        return queue;
    }

    PrimaryLink link() {
        return link;
    }

    /** History and offset of the image; empty when the primary did not tell. */
    Optional<Handshake.Position> position() {
        return position;
    }

    Form form() {
        return form;
    }

    /** Whether the head of the image has come, so that its thread runs. On the link's loop. */
    boolean hasBegun() {
        return begun;
    }

    /** The head of the image has come: loading begins. On the link's loop. */
    void announced(long length, String mark) {
        String to = form == Form.FILE ? "to disk" : "to parser";
        parts.log()
                .notice(
                        length < 0
                                ? "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF "
                                        + to
                                : "MASTER <-> REPLICA sync: receiving " + length
                                        + " bytes from master " + to);
        follower.begin(this);
    }

    /** Has the loading begin; by {@link Follower#begin}. */
    void begin() {
        begun = true;
        thread.start();
    }

    /** Ends it; its result, if it is late, is not used. Any thread. */
    void cancel() {
        queue.fail("the node follows somebody else now");
    }

    /** Waits for the end of the thread. Returns false when it did not end in time. */
    boolean join(long timeoutMs) throws InterruptedException {
        thread.join(timeoutMs);
        return !thread.isAlive();
    }

    @Override
    public void run() {
        boolean done = false;
        try {
            done = form == Form.FILE ? byFile() : load(queue);
        } catch (UncheckedIOException | IOException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            parts.log().warning(cause.getMessage());
        } catch (CancellationException givenUp) {
            parts.log().notice("Loading the primary's data was given up: the node goes down");
        } catch (RuntimeException | AssertionError mistake) {
            parts.log()
                    .warning(
                            "Taking over the primary's data failed by a mistake of the server; please report it",
                            mistake);
        } finally {
            queue.abandon();
            follower.transferEnded(this, done);
        }
    }

    private boolean byFile() throws IOException {
        try (RdbFileSource received = parts.files().receive(queue)) {
            return load(received);
        }
    }

    private boolean load(RdbSource source) {
        parts.loading().begin(Math.max(0, link.imageLength()), form == Form.BESIDE);
        try {
            return loadAnnounced(source);
        } finally {
            parts.loading().end();
        }
    }

    private boolean loadAnnounced(RdbSource source) {
        if (form != Form.BESIDE && !follower.dropOldData(this)) {
            return false;
        }
        parts.log().notice("MASTER <-> REPLICA sync: Loading DB in memory");
        Keyspace staged = parts.keyspace().stage();
        boolean adopted = false;
        try {
            RdbFileSummary summary =
                    parts.loads().load(source, staged, settings(), RdbLoadListener.NONE);
            drain();
            adopted = follower.adopt(
                    this,
                    staged,
                    SavedHistory.database(summary.aux(), parts.keyspace().databaseCount()));
        } catch (RdbFormatException broken) {
            parts.log()
                    .warning("The image of the primary's data is not valid: " + broken.getMessage()
                            + " (at offset " + broken.offset() + ")");
            parts.log()
                    .warning("Failed trying to load the MASTER synchronization DB from "
                            + (form == Form.FILE ? "disk" : "socket")
                            + ", check server logs.");
        } finally {
            if (!adopted) {
                staged.discard();
            }
        }
        return adopted;
    }

    private RdbLoadSettings settings() {
        return parts.loads().settings().keepingExpired();
    }

    /** The link must have seen the end of the image before its stream may begin. */
    private void drain() {
        if (form != Form.FILE) {
            for (var rest = queue.take(); rest != null; rest = queue.take()) {
                rest.release();
            }
        }
    }
}
