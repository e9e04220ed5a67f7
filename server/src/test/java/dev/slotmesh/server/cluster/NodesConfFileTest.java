package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.server.oracle.RedisOracle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodesConfFileTest {
    private static final String ID = "406c817a764ff1f48103d02d9609fef2449bc845";
    private static final String TEXT = ID + " 127.0.0.1:7001@17001 myself,master - 0 0 3 connected"
            + " 0-5460\nvars currentEpoch 3 lastVoteEpoch 2\n";

    @TempDir
    Path directory;

    private NodesConfFile open() throws ClusterStartException {
        return NodesConfFile.open(directory.resolve("nodes.conf"), "nodes.conf");
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("nodes.conf"), text, StandardCharsets.ISO_8859_1);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldStartANewNodeWhenTheFileIsMissingOrEmpty() throws Exception {
        try (NodesConfFile file = open()) {
            assertThat(file.load()).isEmpty();
        }

        write("");

        try (NodesConfFile file = open()) {
            assertThat(file.load()).isEmpty();
        }
    }

    @Test
    void shouldLoadWhatItSavedAndLeaveNoTemporaryFile() throws Exception {
        try (NodesConfFile file = open()) {
            file.save("something longer than the next content".repeat(100), false);
            file.save(TEXT, true);
        }

        try (NodesConfFile file = open()) {
            ClusterConfiguration loaded = file.load().orElseThrow();
            assertThat(loaded.myself().id()).hasToString(ID);
            assertThat(loaded.currentEpoch()).isEqualTo(3);
            assertThat(loaded.lastVoteEpoch()).isEqualTo(2);
            assertThat(loaded.myself().slots()).hasToString("0-5460");
        }
        assertThat(files()).containsExactly("nodes.conf", "nodes.conf.lock");
    }

    @Test
    void shouldKeepTheOldContentWhenAnEarlierSaveWasCutShort() throws Exception {
        write(TEXT);
        Files.writeString(directory.resolve("nodes.conf.tmp-4711"), TEXT.substring(0, 50));
        Files.writeString(directory.resolve("nodes.conf.tmp-4712-1795385253098"), "");

        try (NodesConfFile file = open()) {
            assertThat(file.load().orElseThrow().currentEpoch()).isEqualTo(3);
        }

        assertThat(files()).containsExactly("nodes.conf", "nodes.conf.lock");
    }

    @Test
    void shouldRefuseEveryTruncationThatLosesTheNodeItself() throws Exception {
        int endOfRequiredFields = TEXT.indexOf(" connected");
        for (int length = 1; length <= endOfRequiredFields; length++) {
            write(TEXT.substring(0, length));

            try (NodesConfFile file = open()) {
                assertThatThrownBy(file::load)
                        .as("first %d characters", length)
                        .isInstanceOf(ClusterStartException.class)
                        .hasMessageStartingWith(
                                "Unrecoverable error: corrupted cluster config file.");
            }
        }
    }

    @Test
    void shouldRefuseASecondNodeOfTheSameProcessAndKeepTheLockForTheFirst() throws Exception {
        String conflict = "Sorry, the cluster configuration file nodes.conf is already used by a"
                + " different Redis Cluster node. Please make sure that different nodes use"
                + " different cluster configuration files.";

        try (NodesConfFile first = open()) {
            assertThatThrownBy(this::open).hasMessage(conflict);
            assertThatThrownBy(this::open).hasMessage(conflict);
            first.save(TEXT, true);
        }

        try (NodesConfFile again = open()) {
            assertThat(again.load()).isPresent();
        }
    }

    @Test
    void shouldRefuseTheFileOfARunningRedisServer() throws Exception {
        try (RedisOracle redis = RedisOracle.start("--cluster-enabled", "yes")) {
            Path itsFile = redis.directory().resolve("nodes.conf");

            assertThatThrownBy(() -> NodesConfFile.open(itsFile, "nodes.conf"))
                    .isInstanceOf(ClusterStartException.class)
                    .hasMessageStartingWith("Sorry, the cluster configuration file nodes.conf is"
                            + " already used");

            redis.kill();
            try (NodesConfFile file = NodesConfFile.open(itsFile, "nodes.conf")) {
                assertThat(file.load()).isPresent();
            }
        }
    }

    @Test
    void shouldTellAnotherFilesLockFromItsOwn() throws Exception {
        write(TEXT);
        Path file = directory.resolve("nodes.conf");
        long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();

        assertThat(NodesConfLock.isFlocked(
                        file,
                        List.of(
                                "1: POSIX  ADVISORY  WRITE 1 fe:00:" + inode + " 0 EOF",
                                "2: FLOCK  ADVISORY  WRITE 0 ff:ff:" + inode + " 0 EOF",
                                "3: FLOCK  ADVISORY  WRITE 1 fe:00:" + (inode + 1) + " 0 EOF",
                                "3: -> FLOCK",
                                "")))
                .isFalse();
    }

    @Test
    void shouldSaveThroughASymbolicLink() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path target = Files.writeString(elsewhere.resolve("real.conf"), TEXT);
        Path link = Files.createSymbolicLink(directory.resolve("nodes.conf"), target);

        try (NodesConfFile file = open()) {
            file.save(TEXT.replace("currentEpoch 3", "currentEpoch 4"), true);
        }

        assertThat(link).isSymbolicLink();
        assertThat(target).content().contains("currentEpoch 4");
    }

    @Test
    void shouldReportASaveThatCannotBeMadeAndKeepTheOldContent() throws Exception {
        write(TEXT);
        try (NodesConfFile file = open()) {
            Path blocked = directory.resolve(
                    "nodes.conf.tmp-" + ProcessHandle.current().pid());
            Files.createDirectory(blocked);

            assertThatThrownBy(() -> file.save("other", true)).isInstanceOf(IOException.class);

            Files.delete(blocked);
        }
        assertThat(directory.resolve("nodes.conf")).hasContent(TEXT);
    }
}
