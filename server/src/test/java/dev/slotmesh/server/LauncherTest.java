package dev.slotmesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code slotmesh} at the root of the project. */
@Timeout(60)
final class LauncherTest {
    @TempDir
    private Path jdk;

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_412", "11.0.2", "16"})
    void shouldTurnAnOldJdkAway(String version) throws Exception {
        Files.createDirectory(jdk.resolve("bin"));
        Path java = Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho started\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        ProcessBuilder launcher =
                new ProcessBuilder(Path.of("..", "slotmesh").toString(), "--version");
        launcher.environment().put("JAVA_HOME", jdk.toString());

        Process process = launcher.redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("slotmesh: " + java + " is Java " + version
                        + "; install a JDK 17 or newer, or set JAVA_HOME to one.\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }
}
