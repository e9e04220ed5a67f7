package dev.slotmesh.server.persistence;

import dev.slotmesh.server.log.NodeLog;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a file is written before it takes its name: beside it, as {@code temp-<pid>-<name>}; by which the next start knows
 * what a crash has left.
 */
final class TemporaryFiles {
    private static final String PREFIX = "temp-";
    private static final Pattern MADE_BY = Pattern.compile("temp-(?:now-)?([0-9]{1,18})-(.*)");

    private TemporaryFiles() {}

    /**
     * The temporary name of a file.
     *
     * @param atOnce whether clients wait for it: such a file may be written while another is in the background
     */
    static Path of(Path target, boolean atOnce) {
        return target.resolveSibling(PREFIX + (atOnce ? "now-" : "")
                + ProcessHandle.current().pid() + "-" + target.getFileName());
    }

    /** Deletes what was left of a file by processes that are no more. */
    static void deleteLeftOf(Path target, NodeLog log) {
        Path directory = target.toAbsolutePath().getParent();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path each : found) {
                if (isLeftOf(target, each)) {
                    Files.deleteIfExists(each);
                    log.notice("Removed " + each.getFileName()
                            + ", which an earlier process had begun to save");
                }
            }
        } catch (IOException failure) {
            log.warning("Can't remove what earlier saves have left in " + directory + ": "
                    + FileErrors.text(failure));
        }
    }

    private static boolean isLeftOf(Path target, Path found) {
        Matcher name = MADE_BY.matcher(found.getFileName().toString());
        if (!name.matches() || !name.group(2).equals(target.getFileName().toString())) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
    }
}
