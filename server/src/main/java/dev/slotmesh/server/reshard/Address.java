package dev.slotmesh.server.reshard;

/**
 * Where a node is reached.
 *
 * @param host a name or an address, without brackets
 * @param port 1 to 65,535
 */
record Address(String host, int port) {
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads {@code host:port}, {@code [address]:port} or a bare IPv6 address with the port after its last colon.
     *
     * @throws ReshardFailure of usage, when it is anything else
     */
    static Address parse(String text) throws ReshardFailure {
        int colon = text.lastIndexOf(':');
        String digits = text.substring(colon + 1);
        if (colon > 0 && digits.matches("\\d{1,5}")) {
            int port = Integer.parseInt(digits);
            String host = text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (port >= 1 && port <= HIGHEST_PORT && !host.isEmpty()) {
                return new Address(host, port);
            }
        }
        throw ReshardFailure.ofUsage("no HOST:PORT: '" + text + "'");
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
