package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * When EXPIRE may change a deadline. A key without one counts as living for ever.
 *
 * @param ifNone NX
 * @param ifAny XX
 * @param ifLater GT
 * @param ifEarlier LT
 */
record ExpireCondition(boolean ifNone, boolean ifAny, boolean ifLater, boolean ifEarlier) {
    private static final ErrorReply NX_WITH_OTHERS =
            new ErrorReply("ERR NX and XX, GT or LT options at the same time are not compatible");
    private static final ErrorReply GT_WITH_LT =
            new ErrorReply("ERR GT and LT options at the same time are not compatible");
    private static final ExpireCondition ALWAYS = new ExpireCondition(false, false, false, false);

    /**
     * Reads the conditions from argument {@code first} on.
     *
     * @throws ErrorReply for an unknown word or words that contradict each other
     */
    static ExpireCondition parse(Call call, int first) {
        if (call.count() == first) {
            return ALWAYS;
        }
        boolean none = false;
        boolean any = false;
        boolean later = false;
        boolean earlier = false;
        for (int i = first; i < call.count(); i++) {
            if (call.is(i, "NX")) {
                none = true;
            } else if (call.is(i, "XX")) {
                any = true;
            } else if (call.is(i, "GT")) {
                later = true;
            } else if (call.is(i, "LT")) {
                earlier = true;
            } else {
                throw new ErrorReply("ERR Unsupported option " + upToZero(call.text(i)));
            }
        }
        if (none && (any || later || earlier)) {
            throw NX_WITH_OTHERS;
        }
        if (later && earlier) {
            throw GT_WITH_LT;
        }
        return new ExpireCondition(none, any, later, earlier);
    }

    /** Redis prints the word as a C string, so it ends with the first zero byte. */
    private static String upToZero(String word) {
        int zero = word.indexOf('\0');
        return zero < 0 ? word : word.substring(0, zero);
    }

    /** Whether a deadline, or {@link Slot#NO_EXPIRY}, may give way to another deadline. */
    boolean allows(long presentMs, long nextMs) {
        boolean has = presentMs != Slot.NO_EXPIRY;
        return !(ifNone && has)
                && !(ifAny && !has)
                && !(ifLater && (!has || nextMs <= presentMs))
                && !(ifEarlier && has && nextMs >= presentMs);
    }
}
