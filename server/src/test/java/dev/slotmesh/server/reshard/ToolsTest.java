package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command lines of both tools, as far as no cluster is needed. */
final class ToolsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reshard|HOST:PORT of any node of the cluster is missing",
                "reshard 127.0.0.1:1|--to is missing",
                "reshard 127.0.0.1:1 --to|--to needs a value",
                "reshard 127.0.0.1:1 --to abcd|either --slots or --slots-range is needed",
                "reshard 127.0.0.1:1 --to abcd --slots 1 --slots-range 1|either --slots or --slots-range",
                "reshard 127.0.0.1:1 --to abcd --slots 0|--slots takes a number from 1 to 16384, not '0'",
                "reshard 127.0.0.1:1 --to abcd --slots 99999999999|--slots takes a number",
                "reshard 127.0.0.1:1 --to abcd --slots-range 1-x|no slots: '1-x'",
                "reshard 127.0.0.1 --to abcd --slots 1|no HOST:PORT: '127.0.0.1'",
                "reshard 127.0.0.1:1 127.0.0.1:2 --to abcd --slots 1|one HOST:PORT is enough",
                "reshard 127.0.0.1:1 --two abcd --slots 1|no option --two",
                "reshard 127.0.0.1:1 --to abcd --slots 1 --user me|--user needs --password",
                "rebalance|HOST:PORT of any node of the cluster is missing",
                "rebalance 127.0.0.1:1 --by luck|--by takes slots, keys, memory or load, not 'luck'",
                "rebalance 127.0.0.1:1 --weight abcd|--weight takes NODE=W, not 'abcd'",
                "rebalance 127.0.0.1:1 --weight abcd=-1|--weight takes a number from 0",
                "rebalance 127.0.0.1:1 --threshold 101|--threshold takes a number from 0 to 100",
                "rebalance 127.0.0.1:1 --pipeline 0|--pipeline takes a number from 1 to 10000",
            })
    void shouldSayWhatCannotBeMeant(String line, String reason) {
        ToolOutcome outcome = ToolOutcome.of(Map.of(), line);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output())
                .startsWith("slotmesh " + line.split(" ")[0] + ": " + reason)
                .contains("--help shows how it is used");
    }

    @Test
    void shouldShowHowTheyAreUsed() {
        for (String tool : List.of("reshard", "rebalance")) {
            ToolOutcome outcome = ToolOutcome.of(Map.of(), tool + " --help");

            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.output())
                    .startsWith("Usage: slotmesh " + tool)
                    .contains("Examples:", "--yes", "Exit code");
            assertThat(outcome.output().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(105));
        }
    }

    @Test
    void shouldNotWritePasswordsAnywhere() {
        assertThat(new Credentials("me", "secret")).asString().doesNotContain("secret");
    }
}
