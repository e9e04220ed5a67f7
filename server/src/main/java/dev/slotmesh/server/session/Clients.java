package dev.slotmesh.server.session;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** All connected clients of a node. Thread safe. */
public final class Clients {
    private final ConcurrentMap<Long, Session> byId = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();

    long nextId() {
        return lastId.incrementAndGet();
    }

    void add(Session session) {
        byId.put(session.id(), session);
        accepted.incrementAndGet();
    }

    void remove(Session session) {
        byId.remove(session.id());
    }

    public Session find(long id) {
        return byId.get(id);
    }

    /** The clients of this moment, in no order. */
    public Collection<Session> all() {
        return byId.values();
    }

    public int count() {
        return byId.size();
    }

    public long acceptedTotal() {
        return accepted.get();
    }
}
