package dev.slotmesh.server.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of one node, line by line in Redis's format:
 *
 * <pre>
 * 4711:M 23 Nov 2026 04:17:56.968 * Ready to accept connections
 * pid  role  local time           level message
 * </pre>
 *
 * A plain object that the node owns; several nodes in one process have one each, told apart by a tag after the process id
 * ({@code 4711/7003:M}). Lines of all threads are written whole, one write each, and in the order of their writing. A message
 * longer than 1023 bytes is cut, as Redis cuts it.
 *
 * <p>Writing never fails towards the caller: a full disk or a closed pipe costs the line, which is counted. For any thread.
 */
public final class NodeLog implements AutoCloseable {
    /** Cluster role as a line shows it: a node still starting. */
    public static final char STARTING = 'C';
    /** A primary. */
    public static final char PRIMARY = 'M';
    /** A replica. */
    public static final char REPLICA = 'S';

    private static final int MOST_MESSAGE_BYTES = 1023;
    private static volatile NodeLog ofLibraries = new NodeLog("");

    private final String process;
    private final LogClock clock = new LogClock();
    private final LogSink sink = new LogSink();
    private volatile LogLevel level = LogLevel.NOTICE;
    private volatile char role = STARTING;

    /**
     * A log to standard output at level NOTICE.
     *
     * @param tag what tells this node from others in the same process, such as its port; empty when it is alone
     */
    public NodeLog(String tag) {
        this.process = ProcessHandle.current().pid() + (tag.isEmpty() ? "" : "/" + tag);
    }

    /** The log that takes what the libraries say. */
    public static NodeLog ofLibraries() {
        return ofLibraries;
    }

    /** Makes a log take what the libraries say; until then it goes to standard output. */
    public static void useForLibraries(NodeLog log) {
        ofLibraries = log;
    }

    /** What only helps to find a mistake in the server. */
    public void debug(String message) {
        write(LogLevel.DEBUG, message);
    }

    /** What is rarely useful, but not as much as debug output. */
    public void verbose(String message) {
        write(LogLevel.VERBOSE, message);
    }

    /** What an operator wants to see in production. */
    public void notice(String message) {
        write(LogLevel.NOTICE, message);
    }

    /** What an operator must see. */
    public void warning(String message) {
        write(LogLevel.WARNING, message);
    }

    /** A warning with the first lines of why: the exception, its causes, and where it was thrown. */
    public void warning(String message, Throwable cause) {
        write(LogLevel.WARNING, message + ": " + Causes.describe(cause));
    }

    /** Whether lines of this level are shown; for callers whose message is costly to build. */
    public boolean shows(LogLevel asked) {
        return asked.compareTo(level) >= 0;
    }

    /** Writes a line if its level is shown. Line ends inside the message are kept. */
    public void write(LogLevel asked, String message) {
        if (shows(asked)) {
            long nowMs = System.currentTimeMillis();
            StringBuilder line = new StringBuilder(process.length() + message.length() + 40);
            line.append(process).append(':').append(role).append(' ');
            clock.append(line, nowMs);
            line.append(' ').append(asked.mark()).append(' ');
            sink.write(Line.of(line, message, MOST_MESSAGE_BYTES), nowMs);
        }
    }

    /** Writes a text as it is, without head and of any length, if its level is shown: for the start banner. */
    public void raw(LogLevel asked, String text) {
        if (shows(asked)) {
            sink.write(text.getBytes(StandardCharsets.UTF_8), System.currentTimeMillis());
        }
    }

    /** The level from which lines are shown. */
    public LogLevel level() {
        return level;
    }

    /** Sets the level from which lines are shown. */
    public void level(LogLevel from) {
        level = from;
    }

    /** Sets the character after the process id, one of {@link #STARTING}, {@link #PRIMARY}, {@link #REPLICA}. */
    public void role(char character) {
        role = character;
    }

    /** The character after the process id. */
    public char role() {
        return role;
    }

    /**
     * Sends lines to the end of a file from now on, or to standard output. The file is created when missing and opened again
     * when it was moved away, so it may be rotated.
     *
     * @param file empty for standard output
     * @throws IOException when it cannot be opened; the log then stays where it was
     */
    public void destination(Optional<Path> file) throws IOException {
        sink.open(file);
    }

    /** How many lines could not be written. */
    public long lostLines() {
        return sink.lostLines();
    }

    /** Closes the file, if there is one; lines after that go to standard output. */
    @Override
    public void close() {
        sink.close();
    }
}
