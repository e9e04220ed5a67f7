package dev.slotmesh.gossip;

/** Judges texts that peers and operators hand in, before they reach the table, a file or a log. */
final class Literals {
    private static final int MAX_IP = 46;
    private static final int MAX_HOSTNAME = 255;

    private Literals() {}

    /** Whether the text is a literal IPv4 address in four decimal parts, or an IPv6 address. */
    static boolean isIp(String text) {
        return text.length() <= MAX_IP && (isIpv4(text) || isIpv6(text));
    }

    /**
     * Whether the text can stand where an ip stands in packets and files: an ip or, because cluster-announce-ip takes any
     * text, a host name; never a character that ends a field there.
     */
    static boolean isAddress(String text) {
        if (text.isEmpty() || text.length() > MAX_IP) {
            return false;
        }
        return text.chars().allMatch(c -> isAlphanumeric(c) || ".:-_%".indexOf(c) >= 0);
    }

    /** Whether the text may be shown as host name: 1..255 of {@code [A-Za-z0-9.-]}. */
    static boolean isHostname(String text) {
        if (text.isEmpty() || text.length() > MAX_HOSTNAME) {
            return false;
        }
        return text.chars().allMatch(c -> isAlphanumeric(c) || c == '.' || c == '-');
    }

    private static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean digits = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits
                    || Integer.parseInt(part) > 255
                    || (part.length() > 1 && part.charAt(0) == '0')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        if (gap < 0) {
            return groups(text) == 8;
        }
        int before = gap == 0 ? 0 : groups(text.substring(0, gap));
        int after = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /** Number of 16 bit groups in colon-separated text, the last of which may be an IPv4 address; -1 if malformed. */
    private static int groups(String text) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && isIpv4(parts[i])) {
                count += 2;
            } else if (isGroup(parts[i])) {
                count++;
            } else {
                return -1;
            }
        }
        return count;
    }

    private static boolean isGroup(String part) {
        return !part.isEmpty()
                && part.length() <= 4
                && part.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
