package dev.slotmesh.server.reshard;

import java.util.BitSet;
import java.util.Map;

/**
 * A node of the cluster, as one node sees it.
 *
 * @param id 40 hexadecimal digits
 * @param isPrimary false for a replica
 * @param isSound false when it is flagged as failing or failed, has no address or is not yet a member
 * @param slots that it owns; not to be changed
 * @param migrating slots that it is giving away, with the ID of who gets them; only known of the node itself
 * @param importing slots that it is getting, with the ID of who gives them; only known of the node itself
 */
record Member(
        String id,
        Address address,
        boolean isPrimary,
        boolean isSound,
        BitSet slots,
        Map<Integer, String> migrating,
        Map<Integer, String> importing) {
    private static final int SHORT_ID = 8;

    /** The beginning of the ID, for tables. */
    String shortId() {
        return id.substring(0, SHORT_ID);
    }

    Member withSlots(BitSet others) {
        return new Member(id, address, isPrimary, isSound, others, migrating, importing);
    }

    /** Where it is and who. */
    @Override
    public String toString() {
        return address + " (" + shortId() + ")";
    }
}
