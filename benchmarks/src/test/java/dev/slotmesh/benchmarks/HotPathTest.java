package dev.slotmesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Fork;

class HotPathTest {
    /** The tests run with the parent pom's flags. */
    @Test
    void shouldForkWithTheFlagsOfTheBuild() {
        List<String> build = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--")
                        || flag.startsWith("-Dsun.misc.")
                        || flag.startsWith("-Dio.netty."))
                .toList();

        Fork fork = EmbeddedBenchmark.class.getAnnotation(Fork.class);

        assertThat(build).hasSize(6);
        assertThat(fork.jvmArgsAppend()).containsAll(build);
    }
}
