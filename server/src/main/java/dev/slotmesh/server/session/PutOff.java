package dev.slotmesh.server.session;

/** Thrown instead of executing a command that is to be tried again later: its slot is being handed over. Nothing was done. */
final class PutOff extends RuntimeException {
    static final PutOff NOW = new PutOff();
    private static final long serialVersionUID = 1;

    private PutOff() {
        super("put off", null, false, false);
    }
}
