package dev.slotmesh.server;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.MemoryDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.session.Clients;
import dev.slotmesh.server.session.Session;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * {@code maxmemory-clients}: closes those clients whose buffers are largest until all together keep to the limit, sparing those
 * that asked for it by CLIENT NO-EVICT. Thread safe.
 */
final class ClientEviction {
    private static final int PERCENT = 100;

    private final Configuration configuration;
    private final Supplier<Clients> clients;
    private final LongSupplier bufferBytes;
    private final NodeLog log;
    private final AtomicLong evicted = new AtomicLong();
    /** Told to close, not closed yet: their memory is as good as free. Guarded by this. */
    private final Set<Session> leaving = new HashSet<>();

    /** @param bufferBytes what all clients together have */
    ClientEviction(
            Configuration configuration,
            Supplier<Clients> clients,
            LongSupplier bufferBytes,
            NodeLog log) {
        this.configuration = configuration;
        this.clients = clients;
        this.bufferBytes = bufferBytes;
        this.log = log;
    }

    /** Clients evicted since the start. */
    long evictedCount() {
        return evicted.get();
    }

    /** The limit in bytes, 0 for none. */
    long limitBytes() {
        long limit = configuration.get(MemoryDirectives.MAXMEMORY_CLIENTS);
        return limit >= 0
                ? limit
                : configuration.get(MemoryDirectives.MAXMEMORY) / PERCENT * -limit;
    }

    /** Evicts what must go; costs a few reads when nothing does. */
    void review() {
        long limit = limitBytes();
        if (limit != 0 && bufferBytes.getAsLong() >= limit) {
            evict(clients.get(), limit);
        }
    }

    private synchronized void evict(Clients present, long limit) {
        leaving.removeIf(Session::isClosed);
        long sum = 0;
        for (Session session : present.all()) {
            sum += leaving.contains(session) ? 0 : session.state().bufferBytes();
        }
        while (sum >= limit) {
            Session largest = largest(present);
            if (largest == null) {
                return;
            }
            sum -= largest.state().bufferBytes();
            leaving.add(largest);
            evicted.incrementAndGet();
            log.notice("Evicting client: id=" + largest.id() + " addr="
                    + largest.connection().remoteAddress() + " name="
                    + largest.state().name() + " tot-mem="
                    + largest.state().bufferBytes());
            largest.closeFromAnywhere();
        }
    }

    private Session largest(Clients present) {
        Session largest = null;
        for (Session session : present.all()) {
            boolean mayGo = !session.state().noEvict()
                    && !session.isReplica()
                    && !leaving.contains(session);
            if (mayGo
                    && (largest == null
                            || session.state().bufferBytes() > largest.state().bufferBytes())) {
                largest = session;
            }
        }
        return largest;
    }
}
