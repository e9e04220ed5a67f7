package dev.slotmesh.server.log;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Loggers by name, each made once. Netty and Chronicle describe at length how they start: they are heard from WARN on. */
final class LibraryLoggers implements ILoggerFactory {
    private static final List<String> TALKATIVE = List.of("io.netty.", "net.openhft.");

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, LibraryLoggers::create);
    }

    private static Logger create(String name) {
        boolean talkative = TALKATIVE.stream().anyMatch(name::startsWith);
        return new LibraryLogger(name, talkative ? Level.WARN : Level.TRACE);
    }
}
