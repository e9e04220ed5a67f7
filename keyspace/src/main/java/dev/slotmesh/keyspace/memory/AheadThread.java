package dev.slotmesh.keyspace.memory;

/** A daemon thread that works ahead of another one, which starts it and waits for its end. */
public final class AheadThread {
    private final Thread thread;

    /** Starts it. */
    public AheadThread(String name, Runnable work) {
        thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Interrupts it. */
    public void interrupt() {
        thread.interrupt();
    }

    /** Waits until it has ended, even if the caller is interrupted meanwhile; the caller's interrupt flag is set then. */
    public void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
