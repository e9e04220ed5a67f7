package dev.slotmesh.gossip;

/** Why a connection could not be established. */
public enum ConnectFailure {
    /** The host answered that nobody listens there: no process holds the port. */
    REFUSED("Connection refused"),
    /** Nothing came back in time. */
    TIMED_OUT("Connection timed out"),
    /** The network knows no way to the host. */
    UNREACHABLE("No route to host"),
    /** The address cannot be connected to, or this host lacks the means. */
    OTHER("Connection failed");

    private final String text;

    ConnectFailure(String text) {
        this.text = text;
    }

    /** A few words for the log. */
    public String text() {
        return text;
    }
}
