package dev.slotmesh.server.config;

import dev.slotmesh.server.text.Glob;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files {@code include} names: one, or those that match a glob in any part of the path, sorted by name. A name that
 * begins with a dot is matched by a pattern that begins with one only, as the shell has it.
 */
final class IncludedFiles {
    private static final String GLOB_CHARACTERS = "*?[";

    private IncludedFiles() {}

    /**
     * @param directory where relative names lead
     * @return the file itself, there or not, when its name is no glob; else what matches, which may be nothing
     */
    static List<Path> named(String directory, String name) {
        if (!isGlob(name)) {
            return List.of(ConfigPath.resolve(directory, name));
        }
        List<Path> found =
                List.of(name.startsWith("/") ? Path.of("/") : ConfigPath.resolve(directory, ""));
        for (String part : name.split("/")) {
            if (!part.isEmpty()) {
                found = step(found, part);
            }
        }
        return found;
    }

    private static List<Path> step(List<Path> directories, String part) {
        List<Path> next = new ArrayList<>();
        for (Path directory : directories) {
            if (!isGlob(part)) {
                Path path = ConfigPath.resolve(ConfigPath.text(directory), part);
                if (Files.exists(path)) {
                    next.add(path);
                }
            } else {
                next.addAll(matching(directory, part));
            }
        }
        return next;
    }

    private static List<Path> matching(Path directory, String part) {
        Glob glob = Glob.compile(part.getBytes(StandardCharsets.ISO_8859_1));
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = ConfigPath.text(entry.getFileName());
                if (glob.matches(name) && (!name.startsWith(".") || part.startsWith("."))) {
                    found.add(entry);
                }
            }
        } catch (IOException unreadable) {
            return List.of();
        }
        found.sort(Comparator.comparing(Path::toString));
        return found;
    }

    private static boolean isGlob(String name) {
        return name.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
    }
}
