package dev.slotmesh.gossip;

/**
 * How long silence is borne, in shares of the node timeout T.
 *
 * <p>Stock rule: PFAIL after T. A Slotmesh peer answers on a thread that no command occupies, so its silence means more than
 * that of a node that may be busy with a slow command; with the policy of hard evidence it is PFAIL after 11/20 of T. A pause
 * of 2/5 of T (2 s of the usual 5 s) must not look like death, and a link that swallows packets must be made anew and tried
 * in time before.
 */
final class Patience {
    private final CurrentSettings settings;

    Patience(CurrentSettings settings) {
        this.settings = settings;
    }

    long nodeTimeoutMs() {
        return settings.nodeTimeoutMs();
    }

    /** Silence of that node after which this one holds it for PFAIL. */
    long beforePfailMs(Node node) {
        return isPrompt(node) ? promptMs() : settings.nodeTimeoutMs();
    }

    /** Silence after which a link is made anew. */
    long beforeRenewalMs(Node node) {
        long timeoutMs = settings.nodeTimeoutMs();
        return isPrompt(node) ? timeoutMs * 9 / 20 : timeoutMs / 2;
    }

    /** How long a node has to answer that others have waited for already. */
    long ofLookMs() {
        return Math.max(settings.nodeTimeoutMs() / 10, 2 * TickRules.PERIOD_MS);
    }

    /**
     * Silence of one primary after which it does not count for a majority. Of few primaries each is asked all the time, and
     * two that are busy at once are a majority of three; that most of many are busy at once is no accident, and they are
     * asked late.
     */
    long beforeUnheardMs(int primaries) {
        return settings.nodeTimeoutMs() * (primaries <= Census.FEW_PRIMARIES ? 9 : 7) / 20;
    }

    /** Whether suspicion is quick and told at once. */
    boolean isWanted() {
        return settings.get().policies().hardEvidence();
    }

    private boolean isPrompt(Node node) {
        return isWanted() && node.isSlotmesh();
    }

    private long promptMs() {
        return settings.nodeTimeoutMs() * 11 / 20;
    }
}
