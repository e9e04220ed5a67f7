package dev.slotmesh.gossip;

/**
 * The text of nodes.conf, in the form Redis 7.0 reads and writes (cluster bus facts, section 16). Reading and replacing the
 * file is the driver's work.
 */
public final class NodesConf {
    private NodesConf() {}

    /** What a text was found to be. */
    public sealed interface Parsed {
        /** A node can start from it. */
        record Loaded(ClusterConfiguration configuration) implements Parsed {}

        /**
         * It is damaged; the node must not start, or it would forget its epoch and votes.
         *
         * @param line number of the offending line from 1, or 0 when something is missing as a whole
         * @param reason a few words
         */
        record Corrupt(int line, String reason) implements Parsed {}
    }

    /**
     * Reads the content of a file. An empty text is {@link Parsed.Corrupt}: whether a missing or empty file means a
     * new node is for the caller to say, with {@link ClusterConfiguration#newNode}. Lines of Redis 7.2 and later, with
     * {@code ,key=value} fields after the hostname, are read and those fields skipped.
     */
    public static Parsed parse(String text) {
        return new NodesConfReader().read(text);
    }

    /** The content for a view: a line per node that is not in handshake, then the vars line. */
    public static String write(ClusterView view, PrivateVars vars) {
        return NodesText.stored(view, vars);
    }
}
