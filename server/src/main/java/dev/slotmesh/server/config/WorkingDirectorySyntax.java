package dev.slotmesh.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code dir}: where relative file names lead. A relative one is taken from the directory so far, and the value is absolute,
 * as if the process changed its directory; a JVM cannot, and several nodes in one process need one each.
 */
final class WorkingDirectorySyntax implements Syntax<String> {
    static String ofProcess() {
        return ConfigPath.text(Path.of("").toAbsolutePath());
    }

    @Override
    public Parsed<String> parse(List<String> words, String current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        Path path = ConfigPath.resolve(current, words.get(0));
        if (words.get(0).isEmpty() || !Files.exists(path)) {
            return Parsed.refused("No such file or directory");
        }
        if (!Files.isDirectory(path)) {
            return Parsed.refused("Not a directory");
        }
        return Files.isExecutable(path)
                ? Parsed.of(ConfigPath.text(path.normalize()))
                : Parsed.refused("Permission denied");
    }

    @Override
    public String format(String value) {
        return value;
    }

    @Override
    public List<ConfigLine> lines(String value, String initial) {
        return List.of(new ConfigLine(Words.quote(value), true));
    }
}
