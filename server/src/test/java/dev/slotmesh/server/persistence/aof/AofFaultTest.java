package dev.slotmesh.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.oracle.RedisOracle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that something is wrong with: a real server and ours refuse the same ones for the same reasons. */
@Timeout(120)
final class AofFaultTest {
    private static final String GOOD =
            "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";
    private static final String MANIFEST = "file appendonly.aof.1.base.aof seq 1 type b\n"
            + "file appendonly.aof.1.incr.aof seq 1 type i\n";

    @TempDir
    private Path directory;

    /**
     * A directory with a base and two increments.
     *
     * @param manifest text of the manifest
     * @param base of the base, or null for none
     * @param increment of the first increment, or null for none
     */
    private record Case(String name, String manifest, String base, String increment) {
        void write(Path directory) throws Exception {
            Path parts = Files.createDirectories(directory.resolve("appendonlydir"));
            put(parts.resolve("appendonly.aof.manifest"), manifest);
            put(parts.resolve("appendonly.aof.1.base.aof"), base);
            put(parts.resolve("appendonly.aof.1.incr.aof"), increment);
            put(parts.resolve("appendonly.aof.2.incr.aof"), GOOD);
        }

        private static void put(Path file, String content) throws Exception {
            if (content != null) {
                Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> refused() {
        return Stream.concat(manifests(), contents());
    }

    private static Stream<Case> manifests() {
        String first = "file appendonly.aof.1.base.aof seq 1 type b\n";
        return Stream.of(
                bad("no end of line", MANIFEST.stripTrailing()),
                bad("half a line", first + "file appendonly.aof.1.incr.aof seq\n"),
                bad("cut in a word", first + "file appendonly.aof.1.in"),
                bad("empty file", ""),
                bad("empty line", first + "\n"),
                bad("two bases", first + first),
                bad("seq 0", "file appendonly.aof.1.base.aof seq 0 type b\n"),
                bad("seq no number", "file appendonly.aof.1.base.aof seq x type b\n"),
                bad("type unknown", "file appendonly.aof.1.base.aof seq 1 type z\n"),
                bad("no type", "file appendonly.aof.1.base.aof seq 1\n"),
                bad("a path", "file ../appendonly.aof.1.base.aof seq 1 type b\n"),
                bad("quotes open", "file \"appendonly.aof.1.base.aof seq 1 type b\n"),
                bad("words unknown only", "name appendonly.aof.1.base.aof nr 1 kind b\n"),
                bad(
                        "increments in no order",
                        first + "file appendonly.aof.2.incr.aof seq 2 type i\n"
                                + "file appendonly.aof.1.incr.aof seq 1 type i\n"),
                bad("line too long", "file " + "x".repeat(1100) + " seq 1 type b\n"),
                bad("a byte of zero", first + "file appendonly\0.aof seq 1 type i\n"));
    }

    private static Stream<Case> contents() {
        String two = MANIFEST + "file appendonly.aof.2.incr.aof seq 2 type i\n";
        String incomplete = GOOD + "*3\r\n$3\r\nSET\r\n$1\r\nk";
        return Stream.of(
                new Case("missing base", MANIFEST, null, GOOD),
                new Case("missing increment", MANIFEST, GOOD, null),
                new Case("unfinished in the middle", two, GOOD, incomplete),
                new Case("unfinished base", MANIFEST, incomplete, GOOD),
                new Case("no command", MANIFEST, GOOD, GOOD + "SET k v\r\n"),
                new Case("unknown command", MANIFEST, GOOD, GOOD + "*1\r\n$4\r\nnone\r\n"),
                new Case("no count", MANIFEST, GOOD, GOOD + "*x\r\n"),
                new Case("no bulk", MANIFEST, GOOD, GOOD + "*1\r\n+PING\r\n"),
                new Case("count 0", MANIFEST, GOOD, GOOD + "*0\r\n" + GOOD));
    }

    private static Case bad(String name, String manifest) {
        return new Case(name, manifest, GOOD, GOOD);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseWhatRedisRefuses(Case wrong) throws Exception {
        wrong.write(directory);
        String theirs = RedisOracle.output(
                        directory,
                        List.of(
                                "--appendonly",
                                "yes",
                                "--port",
                                Integer.toString(RedisOracle.freePort()),
                                "--dir",
                                directory.toString()),
                        "")
                .orElse("it runs");
        wrong.write(directory);

        String ours = started();

        assertThat(refusals(theirs)).as(theirs).isNotEmpty();
        assertThat(refusals(ours)).as(ours).isEqualTo(refusals(theirs));
    }

    /** Redis cuts it nevertheless, so that its second start finds nothing wrong. */
    @Test
    void shouldNotCutAFileThatIsNotTheLast() throws Exception {
        String two = MANIFEST + "file appendonly.aof.2.incr.aof seq 2 type i\n";
        String incomplete = GOOD + "*3\r\n$3\r\nSET\r\n$1\r\nk";
        new Case("unfinished in the middle", two, GOOD, incomplete).write(directory);
        Path middle = directory.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
        byte[] before = Files.readAllBytes(middle);

        for (int start = 0; start < 2; start++) {
            assertThat(refusals(started()))
                    .containsExactly("Fatal error: the truncated file is not the last file");
        }

        assertThat(Files.readAllBytes(middle)).isEqualTo(before);
    }

    private String started() throws Exception {
        try (AofNode node = AofNode.start(directory)) {
            return "it runs on port " + node.port();
        } catch (StartFailure failure) {
            return AofNode.text(directory.resolve("node.log")) + "# " + failure.getMessage();
        }
    }

    /** Which known words of refusal a log has. */
    private static List<String> refusals(String log) {
        return Stream.of(
                        "The AOF manifest file contains too long line",
                        "Invalid AOF manifest file format",
                        "Found duplicate base file information",
                        "Unknown AOF file type",
                        "File can't be a path, just a filename",
                        "Found a non-monotonic sequence number",
                        "The AOF manifest file is empty",
                        "Found an empty AOF manifest",
                        "Unable to obtain the AOF file appendonly.aof.1.base.aof length",
                        "Unable to obtain the AOF file appendonly.aof.1.incr.aof length",
                        "Fatal error: the truncated file is not the last file",
                        "Bad file format reading the append only file appendonly.aof.1.incr.aof",
                        "Unknown command 'none' reading the append only file")
                .filter(log::contains)
                .toList();
    }

    @Test
    void shouldPassOverWhatLaterVersionsMaySay() throws Exception {
        new Case(
                        "",
                        "# a note\n"
                                + "file \"appendonly.aof.1.base.aof\" seq 1 type b note x\n"
                                + "file old.aof seq 1 type h\n"
                                + "color blue seq 1 type i file appendonly.aof.1.incr.aof\n",
                        GOOD,
                        "#TS:1700000000\r\n*3\r\n$3\r\nSET\r\n$2\r\nk2\r\n$1\r\nv\r\n")
                .write(directory);

        try (AofNode node = AofNode.start(directory)) {
            assertThat(node.call("DBSIZE")).isEqualTo(":2\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"REDIS0010\u00fe", "REDIS9999\u00ff", "REDIS", "REDIS0010\u00ff\1"})
    void shouldRefuseABrokenImage(String image) throws Exception {
        new Case("", MANIFEST, image, GOOD).write(directory);

        assertThatThrownBy(() -> AofNode.start(directory))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Error reading the RDB preamble of the AOF file"
                        + " appendonly.aof.1.base.aof, AOF loading aborted: at offset ");
    }

    @Test
    void shouldRefuseAnUnfinishedEndWhenToldSo() throws Exception {
        new Case("", MANIFEST, GOOD, GOOD + "*3\r\n$3\r\nSET\r\n$1\r\nk").write(directory);

        assertThatThrownBy(() -> AofNode.start(directory, "--aof-load-truncated", "no"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Unexpected end of file reading the append only file"
                        + " appendonly.aof.1.incr.aof");
    }
}
