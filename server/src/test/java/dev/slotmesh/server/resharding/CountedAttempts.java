package dev.slotmesh.server.resharding;

import java.time.Duration;
import java.util.Set;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.executors.ClusterCommandExecutor;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/**
 * How often the Jedis cluster client of this thread has sent a command and not learnt what became of it. It tries again by itself
 * when a connection breaks, and a write may then be there twice: a checker has to know how often.
 */
final class CountedAttempts extends ClusterCommandExecutor {
    private static final int TIMEOUT_MS = 5_000;
    private static final Duration LONGEST_RETRIES = Duration.ofSeconds(60);
    private static final String NOT_CONFIRMED = "NOREPLICAS";
    private static final ThreadLocal<int[]> UNKNOWN = ThreadLocal.withInitial(() -> new int[1]);

    private CountedAttempts(ClusterConnectionProvider provider, int attempts) {
        super(provider, attempts, LONGEST_RETRIES, StaticCommandFlagsRegistry.registry());
    }

    /**
     * A client of its own for a thread or several.
     *
     * @param addresses where the cluster may be found
     * @param attempts as in Jedis; redirections count
     */
    static RedisClusterClient client(Set<HostAndPort> addresses, int attempts) {
        ClusterConnectionProvider provider = new ClusterConnectionProvider(
                addresses,
                DefaultJedisClientConfig.builder()
                        .socketTimeoutMillis(TIMEOUT_MS)
                        .connectionTimeoutMillis(TIMEOUT_MS)
                        .build());
        return RedisClusterClient.builder()
                .nodes(addresses)
                .connectionProvider(provider)
                .commandExecutor(new CountedAttempts(provider, attempts))
                .build();
    }

    /** Attempts of this thread since the last call whose outcome is unknown. */
    static int takeUnknown() {
        int count = UNKNOWN.get()[0];
        UNKNOWN.get()[0] = 0;
        return count;
    }

    @Override
    protected <T> T execute(Connection connection, CommandObject<T> command) {
        try {
            return super.execute(connection, command);
        } catch (JedisConnectionException broken) {
            UNKNOWN.get()[0]++;
            throw broken;
        } catch (JedisDataException refusal) {
            if (refusal.getMessage().startsWith(NOT_CONFIRMED)) {
                UNKNOWN.get()[0]++;
            }
            throw refusal;
        }
    }
}
