package dev.slotmesh.server.log;

/** Tells a failure in one line. */
final class Causes {
    private static final int MOST_CAUSES = 4;
    private static final int MOST_FRAMES = 5;

    private Causes() {}

    /** The exception and its causes, then the innermost places of the last. */
    static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        Throwable innermost = failure;
        for (int depth = 1; depth < MOST_CAUSES && innermost.getCause() != null; depth++) {
            innermost = innermost.getCause();
            text.append(", caused by ").append(innermost);
        }
        StackTraceElement[] frames = innermost.getStackTrace();
        for (int at = 0; at < Math.min(MOST_FRAMES, frames.length); at++) {
            text.append(at == 0 ? " at " : " < ").append(frames[at]);
        }
        return text.toString();
    }
}
