package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.List;

/**
 * With what to authenticate at every node, and what MIGRATE gives to the target.
 *
 * @param user "" for the default user
 * @param password "" for no authentication
 */
record Credentials(String user, String password) {
    static final Credentials NONE = new Credentials("", "");

    boolean isNone() {
        return password.isEmpty();
    }

    /** The request that authenticates a connection. */
    List<String> request() {
        return words("AUTH", "AUTH");
    }

    /** The arguments of MIGRATE; none without a password. */
    List<String> ofMigrate() {
        return isNone() ? List.of() : words("AUTH", "AUTH2");
    }

    private List<String> words(String ofPassword, String ofBoth) {
        List<String> words = new ArrayList<>();
        words.add(user.isEmpty() ? ofPassword : ofBoth);
        if (!user.isEmpty()) {
            words.add(user);
        }
        words.add(password);
        return words;
    }

    /** Not the password, wherever this is printed. */
    @Override
    public String toString() {
        return isNone() ? "none" : user + ":***";
    }
}
