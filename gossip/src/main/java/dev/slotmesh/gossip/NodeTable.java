package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes this one knows, itself first, then in order of arrival: the order of every walk over the cluster. */
final class NodeTable {
    /** More entries than slots make no cluster; a peer that gossips more is not believed. */
    static final int MAX_NODES = SlotSet.SLOT_COUNT;

    private final Node myself;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> readOnly = Collections.unmodifiableList(nodes);
    /** For lookup only: its order is never looked at. */
    private final Map<NodeId, Node> byId = new HashMap<>();

    private final Watch watch = new Watch(this);

    /** Entries with changes that no published view shows yet. */
    private final List<Node> touched = new ArrayList<>();

    /** Changes whenever positions of entries may have changed. */
    private long layoutVersion;

    NodeTable(Node myself) {
        this.myself = myself;
        add(myself);
    }

    Node myself() {
        return myself;
    }

    /** Which entries a tick looks at. */
    Watch watch() {
        return watch;
    }

    /** All entries; not to be kept while entries come or go. */
    List<Node> all() {
        return readOnly;
    }

    /** A copy to walk over while entries may go. */
    List<Node> snapshot() {
        return new ArrayList<>(nodes);
    }

    int size() {
        return nodes.size();
    }

    boolean full() {
        return nodes.size() >= MAX_NODES;
    }

    Node at(int index) {
        return nodes.get(index);
    }

    /** The entry of that id, or null. */
    Node find(NodeId id) {
        return byId.get(id);
    }

    /** The entry an operator named, or null: malformed ids name nobody. */
    Node find(String id) {
        return NodeId.isWellFormed(id) ? byId.get(NodeId.parse(id)) : null;
    }

    /** Entries that changed, since {@link #untouch}, in what published views show. */
    List<Node> touched() {
        return touched;
    }

    /** A view that is about to be published shows all changes. */
    void untouch() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).isTouched = false;
        }
        touched.clear();
    }

    long layoutVersion() {
        return layoutVersion;
    }

    void add(Node node) {
        node.index = nodes.size();
        node.touched = touched;
        nodes.add(node);
        byId.put(node.id, node);
        node.touch();
        watch.add(node);
    }

    void remove(Node node) {
        nodes.remove(node);
        byId.remove(node.id);
        layoutVersion++;
        for (int i = node.index; i < nodes.size(); i++) {
            nodes.get(i).index = i;
        }
        node.touched = null;
    }

    void rename(Node node, NodeId newId) {
        byId.remove(node.id);
        node.id = newId;
        node.touch();
        byId.put(newId, node);
    }

    /** Whether some primary has a replica: MIGRATE_TO depends on it. */
    boolean anyReplica() {
        for (Node node : nodes) {
            if (node.isPrimary() && !node.replicas.isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
