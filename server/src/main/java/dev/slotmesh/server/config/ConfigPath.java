package dev.slotmesh.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** File names between the byte texts of the configuration and the file system. */
final class ConfigPath {
    private ConfigPath() {}

    /** A name, taken from a directory when it is relative; bytes are read as UTF-8. A name no file can have leads nowhere. */
    static Path resolve(String directory, String name) {
        try {
            return path(directory).resolve(path(name));
        } catch (InvalidPathException unusable) {
            return path(directory).resolve("\u2400");
        }
    }

    static String text(Path path) {
        return new String(
                path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Path path(String name) {
        return Path.of(
                new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }
}
