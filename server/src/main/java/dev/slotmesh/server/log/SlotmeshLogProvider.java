package dev.slotmesh.server.log;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Binds SLF4J to {@link NodeLog}; found by SLF4J through {@code META-INF/services}. */
public final class SlotmeshLogProvider implements SLF4JServiceProvider {
    private static final String REQUESTED_API_VERSION = "2.0.99";

    private final ILoggerFactory loggers = new LibraryLoggers();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter noContext = new NOPMDCAdapter();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return noContext;
    }

    @Override
    public String getRequestedApiVersion() {
        return REQUESTED_API_VERSION;
    }

    /** Nothing to do: all parts are made with the provider. */
    @Override
    public void initialize() {}
}
