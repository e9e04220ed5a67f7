package dev.slotmesh.server.log;

import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** What a library logs through, by the name of its class; ends in {@link NodeLog#ofLibraries()}. */
final class LibraryLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final Level least;

    /**
     * @param least the level below which this library is not heard whatever {@code loglevel} says
     */
    LibraryLogger(String name, Level least) {
        this.name = name;
        this.least = least;
    }

    @Override
    public boolean isTraceEnabled() {
        return shows(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return shows(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return shows(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return shows(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return shows(Level.ERROR);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return LibraryLogger.class.getName();
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level asked, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        String cause = thrown == null ? "" : ": " + Causes.describe(thrown);
        NodeLog.ofLibraries().write(level(asked), name + ": " + message + cause);
    }

    private boolean shows(Level asked) {
        return asked.toInt() >= least.toInt() && NodeLog.ofLibraries().shows(level(asked));
    }

    private static LogLevel level(Level asked) {
        return switch (asked) {
            case TRACE, DEBUG -> LogLevel.DEBUG;
            case INFO -> LogLevel.VERBOSE;
            case WARN, ERROR -> LogLevel.WARNING;
        };
    }
}
