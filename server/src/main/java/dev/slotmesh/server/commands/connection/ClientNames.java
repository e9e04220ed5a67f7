package dev.slotmesh.server.commands.connection;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.ErrorReply;

import java.nio.charset.StandardCharsets;

/** What a client may be called: printable ASCII without spaces, or nothing. */
final class ClientNames {
    private static final ErrorReply BAD_NAME = new ErrorReply(
            "ERR Client names cannot contain spaces, newlines or special characters.");

    private ClientNames() {}

    /**
     * The name these bytes spell.
     *
     * @throws ErrorReply when a byte is not in {@code !} to {@code ~}
     */
    static String checked(ByteSpan name) {
        for (int i = 0; i < name.length(); i++) {
            int b = name.byteAt(i);
            if (b < '!' || b > '~') {
                throw BAD_NAME;
            }
        }
        return new String(name.toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
