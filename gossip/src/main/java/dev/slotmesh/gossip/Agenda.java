package dev.slotmesh.gossip;

/**
 * What is left to do at the end of an input, as wishes: any number of parts may ask, it is done once. This is Redis's
 * before-sleep work (cluster bus facts, section 6).
 */
final class Agenda {
    private boolean save;
    private boolean fsync;
    private boolean evaluate;
    private boolean publish;
    private boolean elect;

    /** nodes.conf has to be written; what it holds shows in views, so those are renewed as well. */
    void save() {
        save = true;
        publish = true;
    }

    /** The same, and it must be durable before anything leaves the node. */
    void saveDurably() {
        save();
        fsync = true;
    }

    /** Something changed that the cluster state depends on. */
    void evaluateState() {
        evaluate = true;
        publish = true;
        elect = true;
    }

    /** Something changed that an election depends on. */
    void considerElection() {
        elect = true;
    }

    /** Something changed that shows in the view but not in the file. */
    void publish() {
        publish = true;
    }

    boolean takeElection() {
        boolean wanted = elect;
        elect = false;
        return wanted;
    }

    boolean takeEvaluate() {
        boolean wanted = evaluate;
        evaluate = false;
        return wanted;
    }

    boolean wantsSave() {
        return save;
    }

    boolean wantsFsync() {
        return fsync;
    }

    boolean wantsPublish() {
        return publish;
    }

    void done() {
        save = false;
        fsync = false;
        publish = false;
    }
}
