package dev.slotmesh.server.reshard;

import java.util.HashMap;
import java.util.Map;

/** The connections to the nodes of a cluster, each opened when it is first asked for. For one thread. */
final class Cluster implements AutoCloseable {
    /** Beyond what the node itself may wait for another. */
    private static final long PATIENCE_MS = 30_000;

    private final Address seed;
    private final Credentials credentials;
    private final Interruption interruption;
    private final long patienceMs;
    private final Map<Address, NodeConnection> connections = new HashMap<>();

    /**
     * @param seed any of the nodes
     * @param timeoutMs how long one node may wait for another in MIGRATE
     */
    Cluster(Address seed, Credentials credentials, int timeoutMs, Interruption interruption) {
        this.seed = seed;
        this.credentials = credentials;
        this.interruption = interruption;
        this.patienceMs = 2L * timeoutMs + PATIENCE_MS;
    }

    Address seed() {
        return seed;
    }

    Credentials credentials() {
        return credentials;
    }

    /** What the seed knows of the cluster now. */
    ClusterMap map() throws ReshardFailure {
        return map(seed);
    }

    /** What a node knows of the cluster now. */
    ClusterMap map(Address of) throws ReshardFailure {
        return ClusterMap.parse(to(of).text("CLUSTER", "NODES"), of);
    }

    NodeConnection to(Member member) throws ReshardFailure {
        return to(member.address());
    }

    NodeConnection to(Address address) throws ReshardFailure {
        NodeConnection connection = connections.get(address);
        if (connection == null) {
            connection = NodeConnection.open(address, credentials, interruption, patienceMs);
            connections.put(address, connection);
        }
        return connection;
    }

    @Override
    public void close() {
        connections.values().forEach(NodeConnection::close);
        connections.clear();
    }
}
