package dev.slotmesh.benchmarks.versus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.benchmarks.versus.VersusOptions.BadOption;
import dev.slotmesh.benchmarks.versus.VersusOptions.Phase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersusOptionsTest {
    @Test
    void shouldMeasureEverythingInClusterModeByDefault() throws BadOption {
        VersusOptions options = VersusOptions.parse(List.of());

        assertThat(options.cluster()).isTrue();
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.requests()).isZero();
        assertThat(options.phases()).containsExactly(Phase.values());
    }

    @Test
    void shouldReadEveryOption() throws BadOption {
        VersusOptions options = VersusOptions.parse(List.of(
                "--standalone",
                "--rounds",
                "5",
                "--requests",
                "1000",
                "--keys",
                "5000",
                "--only",
                "cpu,start",
                "--jdk",
                "/jdk",
                "--redis",
                "/redis",
                "--home",
                "/home"));

        assertThat(options.cluster()).isFalse();
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.requests()).isEqualTo(1000);
        assertThat(options.keys()).isEqualTo(5000);
        assertThat(options.phases()).containsExactly(Phase.CPU, Phase.START);
        assertThat(options.jdk()).isEqualTo(Path.of("/jdk"));
        assertThat(options.redisServer()).isEqualTo("/redis");
        assertThat(options.home()).isEqualTo(Path.of("/home"));
    }

    @Test
    void shouldMeasureOnlyTheCommandsNamed() throws BadOption {
        VersusOptions options = VersusOptions.parse(
                List.of("--only", "collections", "--commands", "hset,LRANGE_100"));

        assertThat(options.phases()).containsExactly(Phase.COMMANDS, Phase.ELEMENTS);
        assertThat(options.measures("HSET")).isTrue();
        assertThat(options.measures("LRANGE_100")).isTrue();
        assertThat(options.measures("HGET")).isFalse();
    }

    @Test
    void shouldReplicateAGigabyteUnlessToldOtherwise() throws BadOption {
        VersusOptions options = VersusOptions.parse(List.of("--only", "replication"));

        assertThat(options.phases()).containsExactly(Phase.RESYNC, Phase.WRITES);
        assertThat(options.keys()).isEqualTo(12_500_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--round 3",
                "--rounds",
                "--rounds 0",
                "--rounds x",
                "--rounds 9999999999",
                "--only speed",
                "--commands hset,hfly"
            })
    void shouldRefuseWhatItDoesNotUnderstand(String arguments) {
        assertThatThrownBy(() -> VersusOptions.parse(List.of(arguments.split(" "))))
                .isInstanceOf(BadOption.class);
    }
}
