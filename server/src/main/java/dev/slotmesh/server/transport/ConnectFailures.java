package dev.slotmesh.server.transport;

import dev.slotmesh.gossip.ConnectFailure;

import io.netty.channel.ConnectTimeoutException;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Tells from the exception of a failed connect what it means. */
final class ConnectFailures {
    private ConnectFailures() {}

    /**
     * The epoll transport throws a ConnectException for refused connections, and for some others with the text of the system's
     * error code in the message.
     */
    static ConnectFailure of(Throwable cause) {
        if (cause instanceof ConnectTimeoutException || cause instanceof SocketTimeoutException) {
            return ConnectFailure.TIMED_OUT;
        }
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof NoRouteToHostException || text.contains("unreachable")) {
            return ConnectFailure.UNREACHABLE;
        }
        if (text.contains("timed out")) {
            return ConnectFailure.TIMED_OUT;
        }
        boolean refused = text.contains("connection refused") || text.contains("reset by peer");
        return cause instanceof ConnectException && refused
                ? ConnectFailure.REFUSED
                : ConnectFailure.OTHER;
    }
}
