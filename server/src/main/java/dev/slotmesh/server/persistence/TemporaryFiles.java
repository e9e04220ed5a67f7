package dev.slotmesh.server.persistence;

import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a file is written before it takes its name: beside it, as {@code temp-<pid>-<name>}; by which the next start knows
 * what a crash has left.
 */
public final class TemporaryFiles {
    private static final String PREFIX = "temp-";

    /** What a file is for; there may be one of each at a time. */
    public enum Purpose {
        /** Written in the background. */
        BACKGROUND(""),
        /** Written while clients wait for it. */
        AT_ONCE("now-"),
        /** For replicas; it loses its name as soon as it is open. */
        SENT("sent-"),
        /** Comes from a primary. */
        RECEIVED("received-");

        private final String word;

        Purpose(String word) {
            this.word = word;
        }
    }

    private TemporaryFiles() {}

    /** The temporary name of a file. */
    public static Path of(Path target, Purpose purpose) {
        return target.resolveSibling(
                PREFIX + purpose.word + ProcessHandle.current().pid() + "-" + target.getFileName());
    }

    /** Deletes what was left of a file by processes that are no more. */
    static void deleteLeftOf(Path target, NodeLog log) {
        StringJoiner words = new StringJoiner("|", "(?:", ")");
        for (Purpose purpose : Purpose.values()) {
            words.add(purpose.word);
        }
        deleteLeft(
                target.toAbsolutePath().getParent(),
                Pattern.compile(PREFIX + words + "([0-9]{1,18})-"
                        + Pattern.quote(target.getFileName().toString())),
                log);
    }

    /**
     * Deletes what was left in a directory by processes that are no more.
     *
     * @param names of the files; the first group is the process, 1 to 18 digits
     */
    public static void deleteLeft(Path directory, Pattern names, NodeLog log) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path each : found) {
                if (isLeft(names.matcher(each.getFileName().toString()))) {
                    Files.deleteIfExists(each);
                    log.notice("Removed " + each.getFileName()
                            + ", which an earlier process had begun to save");
                }
            }
        } catch (IOException | DirectoryIteratorException failure) {
            log.warning("Can't remove what earlier saves have left in " + directory + ": "
                    + FileErrors.text(failure));
        }
    }

    private static boolean isLeft(Matcher name) {
        if (!name.matches()) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
    }
}
