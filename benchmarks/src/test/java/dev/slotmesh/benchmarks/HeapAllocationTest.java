package dev.slotmesh.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bar of the design: the steady state of GET and SET allocates nothing on the Java heap. */
class HeapAllocationTest {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "SET"})
    void shouldAllocateLessThanOneBytePerRequest(String command) {
        double bytes = HeapAllocation.bytesPerRequest(command);

        assertThat(bytes).as("heap bytes per %s", command).isBetween(0.0, 0.999);
    }
}
