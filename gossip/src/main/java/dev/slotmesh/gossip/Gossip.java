package dev.slotmesh.gossip;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Payload;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One node's part in the cluster as a deterministic machine: inputs come as method calls, what is to be done leaves through
 * {@link Effects} before the call returns. Same configuration, same random generator, same inputs: same effects.
 *
 * <p>Not thread-safe: one thread makes all calls. {@code nowMs} is Unix time in milliseconds that never goes back (Redis puts
 * it into CLUSTER NODES and, as seconds, on the wire); the driver takes the wall clock once and counts on with a
 * monotonic one.
 *
 * <p>Life of a driver: {@link #start}; then {@link #tick} every 100 ms, and the other inputs as things happen. The
 * machine gives all link handles out. An input about a handle it has closed, or never gave, is ignored: close and arrival
 * may cross.
 */
public final class Gossip {
    public Gossip(
            GossipSettings settings,
            ClusterConfiguration configuration,
            RandomGenerator random,
            Effects effects) {
        throw new UnsupportedOperationException();
    }

    /** Takes the configuration as the node table, saves it when it is a new node's, and publishes the first view. */
    public void start(long nowMs) {
        throw new UnsupportedOperationException();
    }

    /**
     * Compares the slots with the keys a node loaded before {@link #start} came to an end (cluster bus facts, section 10.3):
     * a primary takes free slots it holds keys of and marks those of others as importing.
     */
    public void keysLoaded(long nowMs, SlotKeys keys) {
        throw new UnsupportedOperationException();
    }

    /** Obeys other settings from now on. */
    public void settings(long nowMs, GossipSettings newSettings) {
        throw new UnsupportedOperationException();
    }

    /** The periodic work, every 100 ms. A late tick is harmless: the machine notices that it was itself stalled. */
    public void tick(long nowMs) {
        throw new UnsupportedOperationException();
    }

    /** Another node connected to the bus port. Returns the handle to use for that connection. */
    public LinkId linkAccepted(long nowMs, LinkContext context) {
        throw new UnsupportedOperationException();
    }

    /** The connection asked for in {@link Effects#openLink} is established. */
    public void linkOpened(long nowMs, LinkId link, LinkContext context) {
        throw new UnsupportedOperationException();
    }

    /**
     * The connection asked for could not be established.
     *
     * @param reason a few words for the log, such as {@code Connection refused}
     */
    public void linkFailed(long nowMs, LinkId link, String reason) {
        throw new UnsupportedOperationException();
    }

    /** An established connection, opened or accepted, ended without {@link Effects#closeLink}. */
    public void linkClosed(long nowMs, LinkId link) {
        throw new UnsupportedOperationException();
    }

    /**
     * The bytes queued on a link because its peer does not read; to be told whenever they grew by a socket buffer or so.
     * Beyond cluster-link-sendbuf-limit the link is dropped.
     */
    public void linkBacklog(long nowMs, LinkId link, long queuedBytes) {
        throw new UnsupportedOperationException();
    }

    /** A valid packet arrived. */
    public void packetReceived(long nowMs, LinkId link, BusMessage message) {
        throw new UnsupportedOperationException();
    }

    /**
     * A packet was dropped by the codec; it counts in CLUSTER INFO and nowhere else.
     *
     * @param typeCode the type field, or -1 when it had none
     */
    public void packetRefused(int typeCode) {
        throw new UnsupportedOperationException();
    }

    /** The replication offset this node announces: produced as a primary, processed as a replica. */
    public void replicationOffset(long offset) {
        throw new UnsupportedOperationException();
    }

    /** Spreads a message published here to the other nodes, or to those of this shard. */
    public void publish(long nowMs, boolean sharded, Payload channel, Payload message) {
        throw new UnsupportedOperationException();
    }

    /** What operators ask for. */
    public OperatorRequests operator() {
        throw new UnsupportedOperationException();
    }

    /** A view with the times and offsets of this moment. */
    public ClusterView describe() {
        throw new UnsupportedOperationException();
    }

    /**
     * The text of CLUSTER NODES.
     *
     * @param plaintextPorts show the plaintext client port where it is known (for plaintext clients of a TLS cluster)
     */
    public String nodesText(boolean plaintextPorts) {
        throw new UnsupportedOperationException();
    }

    /** The line CLUSTER NODES has for the node, without line end. */
    public String nodeLine(NodeView node, boolean plaintextPorts) {
        throw new UnsupportedOperationException();
    }

    /** The text of CLUSTER INFO: lines ending in {@code \r\n}. */
    public String infoText() {
        throw new UnsupportedOperationException();
    }

    /** The links of known nodes, for each node the outbound before the inbound one; anonymous ones are left out. */
    public List<LinkView> links() {
        throw new UnsupportedOperationException();
    }

    /** Number of links, anonymous ones included: {@code cluster_connections} of INFO. */
    public int linkCount() {
        throw new UnsupportedOperationException();
    }
}
