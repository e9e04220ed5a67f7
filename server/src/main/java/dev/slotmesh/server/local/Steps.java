package dev.slotmesh.server.local;

/** Told of each step of starting a cluster, when it is done. */
@FunctionalInterface
public interface Steps {
    /** Nobody is told. */
    Steps SILENT = step -> {};

    void done(String step);
}
