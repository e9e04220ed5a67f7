package dev.slotmesh.server.config;

import java.util.Optional;

/**
 * The owner of what a directive controls, told when CONFIG SET changes it.
 *
 * @param <T> the directive's type
 */
@FunctionalInterface
public interface ConfigListener<T> {
    /**
     * Puts a new value into effect. Called on the thread that runs CONFIG SET, one CONFIG SET at a time, when
     * {@link Configuration#get} already answers the new values of all directives of the same command. Must not call
     * {@link Configuration#set}.
     *
     * @return empty when done; or why it cannot be done, in words for the client, after which the whole command is undone:
     *     listeners that had accepted are called again with the values exchanged
     */
    Optional<String> changed(T previous, T next);
}
