package dev.slotmesh.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.server.log.LogLevel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ConfigurationTest {
    private static final ConfigOutcome DONE = new ConfigOutcome.Done();

    @Test
    void shouldAnswerTypedValues() {
        Configuration configuration = Configuration.of(
                "--maxmemory",
                "2gb",
                "--maxmemory-policy",
                "allkeys-lfu",
                "--loglevel",
                "debug",
                "--port",
                "7000");

        assertThat(configuration.get(MemoryDirectives.MAXMEMORY)).isEqualTo(2L << 30);
        assertThat(configuration.get(MemoryDirectives.MAXMEMORY_POLICY))
                .isEqualTo(EvictionPolicy.ALLKEYS_LFU);
        assertThat(configuration.get(GeneralDirectives.LOGLEVEL)).isEqualTo(LogLevel.DEBUG);
        assertThat(configuration.getInt(NetworkDirectives.PORT)).isEqualTo(7000);
        assertThat(configuration
                        .get(NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT)
                        .replica())
                .isEqualTo(new OutputBufferLimits.Limit(256 << 20, 64 << 20, 60));
    }

    @Test
    void shouldRefuseArgumentsGivenInCode() {
        assertThatThrownBy(() -> Configuration.of("--hz", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument couldn't be parsed into an integer");
    }

    @Test
    void shouldDeclareEachNameAndNumberOnce() {
        Set<String> names = new HashSet<>();
        Set<Integer> numbers = new HashSet<>();
        for (Directive<?> directive : Directives.all()) {
            assertThat(names.add(directive.name())).as(directive.name()).isTrue();
            directive
                    .alias()
                    .ifPresent(alias -> assertThat(names.add(alias)).as(alias).isTrue());
            assertThat(numbers.add(directive.index())).as(directive.name()).isTrue();
            assertThat(directive.index()).isBetween(0, Directives.all().size() - 1);
        }
    }

    @Test
    void shouldTellListenersOnceTheNewValuesAreInForce() {
        Configuration configuration = Configuration.of();
        List<String> heard = new ArrayList<>();
        configuration.listen(GeneralDirectives.HZ, (previous, next) -> {
            heard.add(previous + ">" + next + " timeout "
                    + configuration.get(NetworkDirectives.TIMEOUT));
            return Optional.empty();
        });

        assertThat(configuration.set(List.of("hz", "20", "timeout", "7"), true)).isEqualTo(DONE);
        assertThat(configuration.set(List.of("hz", "20", "timeout", "8"), true)).isEqualTo(DONE);

        assertThat(heard).containsExactly("10>20 timeout 7");
    }

    @Test
    void shouldTakeEverythingBackWhenAListenerRefuses() {
        Configuration configuration = Configuration.of();
        List<String> heard = new ArrayList<>();
        configuration.listen(GeneralDirectives.HZ, (previous, next) -> {
            heard.add("hz " + previous + ">" + next);
            return Optional.empty();
        });
        configuration.listen(NetworkDirectives.PORT, (previous, next) -> {
            heard.add("port " + previous + ">" + next);
            return Optional.of("Unable to listen on this port. Check server logs.");
        });
        configuration.listen(NetworkDirectives.TIMEOUT, (previous, next) -> {
            heard.add("timeout " + previous + ">" + next);
            return Optional.empty();
        });

        ConfigOutcome outcome =
                configuration.set(List.of("hz", "20", "PORT", "7001", "timeout", "7"), true);

        assertThat(outcome)
                .isEqualTo(new ConfigOutcome.Refused(
                        "CONFIG SET failed (possibly related to argument 'port') - "
                                + "Unable to listen on this port. Check server logs."));
        assertThat(heard).containsExactly("hz 10>20", "port 6379>7001", "hz 20>10");
        assertThat(configuration.get(GeneralDirectives.HZ)).isEqualTo(10);
        assertThat(configuration.get(NetworkDirectives.PORT)).isEqualTo(6379);
        assertThat(configuration.get(NetworkDirectives.TIMEOUT)).isZero();
    }

    @Test
    void shouldLetLocalClientsSetProtectedDirectivesWhenTold() {
        Configuration closed = Configuration.of();
        Configuration local = Configuration.of("--enable-protected-configs", "local");
        Configuration open = Configuration.of("--enable-protected-configs", "yes");
        List<String> change = List.of("dbfilename", "other.rdb");

        assertThat(closed.set(change, true)).isNotEqualTo(DONE);
        assertThat(local.set(change, false)).isNotEqualTo(DONE);
        assertThat(local.set(change, true)).isEqualTo(DONE);
        assertThat(open.set(change, false)).isEqualTo(DONE);
    }

    @Test
    void shouldPutAValueWithoutAskingListeners() {
        Configuration configuration = Configuration.of();
        configuration.listen(
                ReplicationDirectives.REPLICAOF, (previous, next) -> Optional.of("never asked"));

        configuration.put(
                ReplicationDirectives.REPLICAOF, Optional.of(new PrimaryAddress("10.0.0.1", 7000)));

        assertThat(configuration.show(List.of("slaveof")))
                .containsEntry("slaveof", "10.0.0.1 7000");
    }

    @Test
    void shouldLimitWholeNumbersToInts() {
        Configuration configuration =
                Configuration.of("--cluster-node-timeout", "9223372036854775807");

        assertThat(configuration.getInt(ClusterDirectives.CLUSTER_NODE_TIMEOUT))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldMarkSecrets() {
        assertThat(Directives.all().stream().filter(Directive::isSensitive).map(Directive::name))
                .containsExactlyInAnyOrder(
                        "requirepass",
                        "masterauth",
                        "masteruser",
                        "tls-key-file-pass",
                        "tls-client-key-file-pass");
    }

    /** redis-server 7.0.15 takes all rules in one word too. */
    @Test
    void shouldReadSaveRulesFromOneWordOrMany() {
        String expected = "900 1 300 10";

        Configuration one = Configuration.of("--save", "900 1 300 10");
        Configuration many = Configuration.of("--save", "900", "1", "--save", "300", "10");

        assertThat(one.text(PersistenceDirectives.SAVE)).isEqualTo(expected);
        assertThat(many.text(PersistenceDirectives.SAVE)).isEqualTo(expected);
    }
}
