package dev.slotmesh.server.session;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a client has said of itself by REPLCONF, to be known when it asks for the replication stream.
 *
 * @param port it serves its own clients at, 0 when unknown
 * @param address others reach it at, empty to use that of its connection
 * @param traits what it can and what it wants
 */
public record ReplicaTraits(int port, String address, Set<Trait> traits) {
    /** What a replica can or wants. */
    public enum Trait {
        /** It finds the end of a snapshot by a mark: capability {@code eof}. */
        END_MARK,
        /** It goes on under another replication ID: capability {@code psync2}. */
        NEW_HISTORY,
        /** It wants the snapshot and no stream behind it. */
        SNAPSHOT_ONLY,
        /** It wants everything but keys. */
        WITHOUT_KEYS
    }

    /** Of a client that has said nothing. */
    public static final ReplicaTraits NONE = new ReplicaTraits(0, "", Set.of());

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** The same with another port. */
    public ReplicaTraits withPort(int newPort) {
        return new ReplicaTraits(newPort, address, traits);
    }

    /** The same with another address. */
    public ReplicaTraits withAddress(String newAddress) {
        return new ReplicaTraits(port, newAddress, traits);
    }

    /** The same with or without a trait. */
    public ReplicaTraits with(Trait trait, boolean present) {
        EnumSet<Trait> changed = EnumSet.noneOf(Trait.class);
        changed.addAll(traits);
        if (present) {
            changed.add(trait);
        } else {
            changed.remove(trait);
        }
        return new ReplicaTraits(port, address, changed);
    }
}
