package dev.slotmesh.gossip;

/** Brings literal addresses into the form a socket reports them in, so that two spellings are one address. */
final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    /** IPv4 stays; IPv6 becomes lower case, without leading zeros, the longest run of zero groups as {@code ::}. */
    static String normalized(String ip) {
        return ip.indexOf(':') < 0 ? ip : format(groups(ip));
    }

    private static int[] groups(String ip) {
        String text = withoutIpv4Tail(ip);
        int gap = text.indexOf("::");
        int[] groups = new int[GROUPS];
        if (gap < 0) {
            fill(groups, 0, text);
            return groups;
        }
        fill(groups, 0, text.substring(0, gap));
        String tail = text.substring(gap + 2);
        int tailGroups = tail.isEmpty() ? 0 : tail.split(":", -1).length;
        fill(groups, GROUPS - tailGroups, tail);
        return groups;
    }

    private static void fill(int[] groups, int from, String text) {
        if (text.isEmpty()) {
            return;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            groups[from + i] = Integer.parseInt(parts[i], 16);
        }
    }

    /** Turns a dotted last part into its two groups. */
    private static String withoutIpv4Tail(String ip) {
        int colon = ip.lastIndexOf(':');
        String tail = ip.substring(colon + 1);
        if (tail.indexOf('.') < 0) {
            return ip;
        }
        String[] parts = tail.split("\\.", -1);
        int high = Integer.parseInt(parts[0]) << 8 | Integer.parseInt(parts[1]);
        int low = Integer.parseInt(parts[2]) << 8 | Integer.parseInt(parts[3]);
        return ip.substring(0, colon + 1) + Integer.toHexString(high) + ":"
                + Integer.toHexString(low);
    }

    private static String format(int[] groups) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = 0;
            while (i + length < GROUPS && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            boolean separated = text.length() == 0 || text.charAt(text.length() - 1) == ':';
            text.append(separated ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
