package dev.slotmesh.benchmarks.versus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is read from the kernel and from redis-benchmark, and what is made of it. */
class FiguresTest {
    @Test
    void shouldAddUserAndSystemTimeWhateverTheNameOfTheProcess() {
        String stat = "4711 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 13 0 99";

        assertThat(ProcessFigures.cpuNanos(stat)).isEqualTo(1_500_000_000L);
    }

    @Test
    void shouldReadResidentMemoryInBytes() {
        String status = "Name:\tjava\nVmHWM:\t  999999 kB\nVmRSS:\t  123456 kB\n";

        assertThat(ProcessFigures.residentBytes(status)).isEqualTo(123_456L * 1024);
    }

    @Test
    void shouldCountTheCpuTimeOfThisProcess() throws IOException {
        ProcessFigures own = new ProcessFigures(ProcessHandle.current().pid());

        assertThat(own.cpuNanos()).isPositive();
        assertThat(own.residentBytes()).isGreaterThan(1 << 20);
    }

    @Test
    void shouldReadTheRateOfALoadRun() throws IOException {
        String csv = """
                "test","rps","avg_latency_ms"
                "SET","112359.55","6.487"
                """;

        assertThat(Load.perSecond(csv)).isEqualTo(112359.55);
        assertThatThrownBy(() -> Load.perSecond("Could not connect"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldTakeTheMiddleOfSamples() {
        assertThat(Samples.of(3, 1, 2)).isEqualTo(new Samples(1, 2, 3));
        assertThat(Samples.of(4, 1, 2, 3)).isEqualTo(new Samples(1, 2.5, 4));
    }

    @Test
    void shouldTellMetBarsFromMissedOnes() {
        Bars bars = new Bars();

        bars.atMost("cpu", 0.6, 0.6, " x");
        bars.atLeast("throughput", 2, 1.99, " x");
        bars.below("heap", 1, 1, " B");

        assertThat(bars.missed()).isEqualTo(2);
        assertThat(bars).hasToString("""
                | bar                  | figure | met? |
                |----------------------|--------|------|
                | cpu <= 0.60 x        | 0.60 x | yes  |
                | throughput >= 2.00 x | 1.99 x | NO   |
                | heap < 1.00 B        | 1.00 B | NO   |
                """);
    }
}
