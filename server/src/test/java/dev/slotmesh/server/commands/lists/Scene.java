package dev.slotmesh.server.commands.lists;

import dev.slotmesh.server.oracle.RespConnection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several clients of one server, some of them waiting, and all replies in the order in which the script reads them. */
final class Scene implements AutoCloseable {
    private static final long LONGEST_WAIT_NANOS = 10_000_000_000L;

    final RespConnection control;
    final List<String> replies = new ArrayList<>();
    private final int port;
    private final int protocol;
    private final Map<String, RespConnection> clients = new LinkedHashMap<>();
    private final Map<String, String> identities = new LinkedHashMap<>();

    Scene(RespConnection control, int port, int protocol) {
        this.control = control;
        this.port = port;
        this.protocol = protocol;
        control.call("HELLO", Integer.toString(protocol));
    }

    /** The controlling client sends a command and reads its reply. */
    void calls(String... words) {
        replies.add(control.call(words));
    }

    /** A client sends a command and is then among those that wait. */
    void waits(String client, String... words) {
        int before = blocked();
        connection(client).sendCommand(words);
        await(before + 1);
    }

    /** The reply of a client that waited. */
    void reads(String client) {
        replies.add(client + ": " + connection(client).readReplyText());
    }

    /** A waiting client closes its connection, and the server has noticed. */
    void leaves(String client) {
        int before = blocked();
        clients.remove(client).close();
        await(before - 1);
    }

    void unblocks(String client, String how) {
        replies.add(control.call("CLIENT", "UNBLOCK", identities.get(client), how));
    }

    /** How many clients wait. */
    int blocked() {
        String text = control.call("INFO", "clients");
        int at = text.indexOf("blocked_clients:") + "blocked_clients:".length();
        return Integer.parseInt(text.substring(at, text.indexOf('\r', at)));
    }

    private void await(int expected) {
        long start = System.nanoTime();
        while (blocked() != expected) {
            if (System.nanoTime() - start > LONGEST_WAIT_NANOS) {
                throw new AssertionError(blocked() + " clients wait instead of " + expected);
            }
            Thread.onSpinWait();
        }
    }

    private RespConnection connection(String client) {
        return clients.computeIfAbsent(client, name -> {
            RespConnection connection = RespConnection.to(port);
            connection.call("HELLO", Integer.toString(protocol));
            String identity = connection.call("CLIENT", "ID");
            identities.put(name, identity.substring(1, identity.length() - 2));
            return connection;
        });
    }

    @Override
    public void close() {
        clients.values().forEach(RespConnection::close);
        control.close();
    }
}
