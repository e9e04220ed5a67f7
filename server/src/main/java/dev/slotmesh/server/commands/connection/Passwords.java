package dev.slotmesh.server.commands.connection;

import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.SecurityDirectives;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The default user's password, {@code requirepass}. Thread safe. */
public final class Passwords {
    private final Configuration configuration;

    public Passwords(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Whether clients must authenticate. */
    public boolean required() {
        return !configuration.get(SecurityDirectives.REQUIREPASS).isEmpty();
    }

    /**
     * Whether these credentials open the door. Takes the same time wherever the first difference is. Without a password
     * set, the default user accepts any.
     */
    boolean accepts(String user, byte[] password) {
        byte[] expected = configuration
                .get(SecurityDirectives.REQUIREPASS)
                .getBytes(StandardCharsets.ISO_8859_1);
        boolean right = expected.length == 0 || MessageDigest.isEqual(expected, password);
        return right && user.equals("default");
    }
}
