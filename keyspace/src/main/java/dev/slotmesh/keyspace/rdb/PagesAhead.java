package dev.slotmesh.keyspace.rdb;

import dev.slotmesh.keyspace.memory.AheadThread;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.NativeBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;

/**
 * The pages of a source, read and summed up on a thread of its own while the reader is busy with those before: a quarter of
 * the work of a load. Only for a source that has an end and does not wait for anybody, such as a file.
 *
 * <p>Pages go round: the thread takes a free one, fills it and queues it; the reader takes it, and gives it back when it needs
 * it no more. All methods are for the reader's thread.
 */
final class PagesAhead implements AutoCloseable {
    /** Free bytes before the content of each page, for what the reader has left of the page before. */
    static final int HEADROOM_BYTES = 1 << 16;

    private static final int CONTENT_BYTES = 1 << 18;
    /** The reader keeps two. */
    private static final int PAGES = 4;

    private final RdbSource source;
    private final List<Page> pages = new ArrayList<>();
    private final BlockingQueue<Page> free = new ArrayBlockingQueue<>(PAGES);
    private final BlockingQueue<Page> filled = new ArrayBlockingQueue<>(PAGES);
    private final AheadThread thread;
    private volatile boolean closed;
    private boolean over;

    /** Some bytes of the source in order. Written by the thread before it is queued, read by the reader afterwards. */
    static final class Page {
        private final NativeBuffer buffer = new NativeBuffer(HEADROOM_BYTES + CONTENT_BYTES);
        private final long content =
                buffer.room(HEADROOM_BYTES + CONTENT_BYTES).address() + HEADROOM_BYTES;
        private int length;
        private long sumBefore;
        private boolean last;
        private RuntimeException failure;

        /** Address of its first byte. */
        long content() {
            return content;
        }

        /** Bytes in it, 1 or more; fewer than others have only in the last one. */
        int length() {
            return length;
        }

        /** The {@link Crc64} of everything up to {@code count} bytes of this page. */
        long checksum(int count) {
            return Crc64.of(sumBefore, content, count);
        }
    }

    PagesAhead(RdbSource source) {
        this.source = source;
        for (int i = 0; i < PAGES; i++) {
            Page page = new Page();
            pages.add(page);
            free.add(page);
        }
        thread = new AheadThread("slotmesh-load-ahead", this::run);
    }

    /**
     * The next page, or null at the end. Waits for it. What the source throws comes through.
     *
     * @throws CancellationException when this thread is interrupted
     */
    Page next() {
        if (over) {
            return null;
        }
        try {
            Page page = filled.take();
            if (page.failure != null) {
                throw page.failure;
            }
            over = page.last;
            return page.length == 0 ? null : page;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /** A page is needed no more. */
    void giveBack(Page page) {
        free.add(page);
    }

    /** Ends the thread, once it is through with the page it is at, and frees all pages. */
    @Override
    public void close() {
        closed = true;
        filled.drainTo(free);
        thread.awaitEnd();
        pages.forEach(page -> page.buffer.close());
    }

    private void run() {
        long sum = Crc64.START;
        try {
            boolean more = true;
            while (more) {
                Page page = free.take();
                if (closed) {
                    return;
                }
                page.sumBefore = sum;
                fill(page);
                sum = page.checksum(page.length);
                more = !page.last;
                filled.add(page);
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill(Page page) {
        ByteSpan window = new ByteSpan();
        page.length = 0;
        try {
            int count = 1;
            while (count > 0 && page.length < CONTENT_BYTES) {
                int room = CONTENT_BYTES - page.length;
                count = source.read(window.set(page.content + page.length, room));
                page.length += count;
            }
            page.last = count <= 0;
        } catch (RuntimeException failure) {
            page.failure = failure;
            page.last = true;
        }
    }
}
