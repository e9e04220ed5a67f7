package dev.slotmesh.server.cluster;

import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.EndpointType;

/** How clients are told where a node is, by {@code cluster-preferred-endpoint-type}. Any thread. */
public final class Endpoints {
    private static final String UNKNOWN_HOSTNAME = "?";

    private final Configuration configuration;

    public Endpoints(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The type in force. */
    public EndpointType type() {
        return configuration.get(ClusterDirectives.CLUSTER_PREFERRED_ENDPOINT_TYPE);
    }

    /** The endpoint as replies carry it; null when clients are to keep the one they used. */
    public String of(NodeView node) {
        return switch (type()) {
            case IP -> node.address().ip();
            case HOSTNAME ->
                node.address().hostname().isEmpty()
                        ? UNKNOWN_HOSTNAME
                        : node.address().hostname();
            case UNKNOWN_ENDPOINT -> null;
        };
    }

    /** {@code endpoint:port} as redirections carry it, the endpoint empty when it is unknown. */
    String target(NodeView node) {
        String endpoint = of(node);
        return (endpoint == null ? "" : endpoint) + ":" + node.address().port();
    }
}
