package dev.slotmesh.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BindAddressTest {
    private static List<BindAddress> of(String... bind) {
        return BindAddress.of(List.of(bind));
    }

    @Test
    void shouldKeepTheOrderAndWhatIsOptional() {
        assertThat(of("127.0.0.1", "-::1", "host.test"))
                .containsExactly(
                        new BindAddress("127.0.0.1", false),
                        new BindAddress("::1", true),
                        new BindAddress("host.test", false));
    }

    @Test
    void shouldOpenOneWildcardForBothFamilies() {
        assertThat(of("*", "-::*")).containsExactly(new BindAddress("0.0.0.0", false));
        assertThat(of("-::*")).containsExactly(new BindAddress("::", true));
        assertThat(of("10.0.0.1", "::*", "*"))
                .containsExactly(new BindAddress("10.0.0.1", false), new BindAddress("::", false));
    }

    @Test
    void shouldOpenNothingForNoAddress() {
        assertThat(of()).isEmpty();
    }
}
