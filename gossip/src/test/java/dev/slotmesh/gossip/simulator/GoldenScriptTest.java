package dev.slotmesh.gossip.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see, as scripts in src/test/resources that read like a session. */
class GoldenScriptTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "meet",
                "meet-nobody",
                "node-fails-and-returns",
                "forget",
                "minority",
                "reset"
            })
    void shouldReplayAsRecorded(String name) throws IOException {
        String recorded = read("/dev/slotmesh/gossip/" + name + ".txt");

        String replayed = GoldenScript.replay(recorded);

        assertThat(replayed).isEqualTo(recorded);
    }

    private static String read(String resource) throws IOException {
        try (InputStream file = GoldenScriptTest.class.getResourceAsStream(resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
