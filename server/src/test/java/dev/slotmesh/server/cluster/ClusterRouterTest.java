package dev.slotmesh.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.KeyspaceSettings;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.commands.cluster.ConnectionModeCommands;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.Dispatcher;
import dev.slotmesh.server.session.NoEvents;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.SessionLimits;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The decision table of the cluster bus facts, section 18.3, row by row, with the numbers of its rows. */
final class ClusterRouterTest {
    private static final String ME = "a".repeat(40);
    private static final String OTHER = "b".repeat(40);
    private static final String REPLICA = "c".repeat(40);
    private static final String MOVED_FOO = "-MOVED 12182 127.0.0.1:7002\r\n";
    private static final String ASK_FOO = "-ASK 12182 127.0.0.1:7002\r\n";
    private static final String TRY_AGAIN =
            "-TRYAGAIN Multiple keys request during rehashing of slot\r\n";
    private static final String DOWN = "-CLUSTERDOWN The cluster is down\r\n";
    private static final String SERVED = "+served\r\n";
    /** Slot 12182. */
    private static final String FOO = "foo";
    /** Slot 5061. */
    private static final String BAR = "bar";

    private final Keyspace keyspace = new Keyspace(KeyspaceSettings.cluster(1));
    private Configuration configuration = Configuration.of();
    private TestConnection connection;
    private Session session;

    @AfterEach
    void close() {
        if (session != null) {
            session.disconnected();
        }
        keyspace.close();
    }

    private static String me(String slots) {
        return ME + " 127.0.0.1:7001@17001 myself,master - 0 0 1 connected" + slots + "\n";
    }

    private static String other(String slots) {
        return OTHER + " 127.0.0.1:7002@17002,two.test master - 0 0 2 connected" + slots + "\n";
    }

    private void route(String nodesConf) {
        route(Views.of(nodesConf, true));
        assertThat(view.stateOk()).isTrue();
    }

    private ClusterView view;

    private void route(ClusterView by) {
        view = by;
        ClusterRouter router =
                new ClusterRouter(configuration, new Endpoints(configuration), new NoReplication());
        router.publish(by);
        CommandBindings bindings = new CommandBindings();
        for (String name : List.of(
                "get", "set", "mget", "del", "ping", "migrate", "restore-asking", "spublish")) {
            bindings.bind(name, call -> call.reply().simpleString("served"));
        }
        new ConnectionModeCommands().bind(bindings);
        Dispatcher dispatcher = new Dispatcher(
                bindings.table(), keyspace, router, SessionLimits.DEFAULT, new NoEvents());
        connection = new TestConnection();
        session = dispatcher.admit(connection);
    }

    private String call(String line) {
        session.receive(Unpooled.directBuffer()
                .writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        return connection.takeOutput();
    }

    private void store(String key) {
        try (NativeBuffer name = new NativeBuffer(64);
                NativeBuffer value = new NativeBuffer(64)) {
            int slot = HashSlot.of(name.put(key));
            keyspace.locks().lock(slot);
            keyspace.database(0)
                    .slot(slot)
                    .putString(name.span(), value.put("v"), Slot.NO_EXPIRY, 1);
            keyspace.locks().unlock(slot);
        }
    }

    @Test
    void shouldServeCommandsWithoutKeysWhateverTheState() {
        route(Views.of(me(""), true));

        assertThat(call("PING")).isEqualTo(SERVED);
    }

    @Test
    void shouldRefuseASlotWithoutOwnerBeforeLookingAtOtherKeys() {
        route(Views.of(me(" 0-5000"), false));

        assertThat(call("GET foo")).isEqualTo("-CLUSTERDOWN Hash slot not served\r\n");
        assertThat(call("MGET foo bar")).isEqualTo("-CLUSTERDOWN Hash slot not served\r\n");
    }

    @Test
    void shouldRefuseKeysOfSeveralSlotsBeforeTheStateMatters() {
        String error = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";
        route(me(" 0-16383"));
        assertThat(call("MGET foo bar")).isEqualTo(error);
        assertThat(call("MGET foo {foo}2 foo")).isEqualTo(SERVED);

        route(Views.of(me(" 5061 12182"), true));
        assertThat(call("MGET foo bar")).isEqualTo(error);
    }

    @Test
    void shouldRefuseEverythingWithKeysWhileDown() {
        route(Views.of(me(" 12182"), true));

        assertThat(call("GET foo")).isEqualTo(DOWN);
        assertThat(call("SET foo 1")).isEqualTo(DOWN);
    }

    @Test
    void shouldServeReadsWhileDownWhenAllowed() {
        configuration = Configuration.of("--cluster-allow-reads-when-down", "yes");
        route(Views.of(me(" 12182") + other(" 5061"), true));

        assertThat(call("GET foo")).isEqualTo(SERVED);
        assertThat(call("GET bar")).isEqualTo("-MOVED 5061 127.0.0.1:7002\r\n");
        assertThat(call("SET foo 1"))
                .isEqualTo("-CLUSTERDOWN The cluster is down and only accepts read commands\r\n");
    }

    @Test
    void shouldServeShardChannelsWhileDownUnlessForbidden() {
        route(Views.of(me(" 12182"), true));
        assertThat(call("SPUBLISH foo 1")).isEqualTo(SERVED);

        configuration = Configuration.of("--cluster-allow-pubsubshard-when-down", "no");
        route(Views.of(me(" 12182"), true));
        assertThat(call("SPUBLISH foo 1")).isEqualTo(DOWN);
    }

    @Test
    void shouldServeOwnSlotsAndRedirectTheRest() {
        route(me(" 0-10000") + other(" 10001-16383"));

        assertThat(call("GET bar")).isEqualTo(SERVED);
        assertThat(call("GET foo")).isEqualTo(MOVED_FOO);
        assertThat(call("MGET foo {foo}2")).isEqualTo(MOVED_FOO);
        assertThat(call("DEL foo")).isEqualTo(MOVED_FOO);
    }

    @Test
    void shouldNameTheNodeByThePreferredEndpointType() {
        configuration = Configuration.of("--cluster-preferred-endpoint-type", "hostname");
        route(me(" 0-10000") + other(" 10001-16383"));
        assertThat(call("GET foo")).isEqualTo("-MOVED 12182 two.test:7002\r\n");

        route(me(" 0-10000") + other(" 10001-16383").replace(",two.test", ""));
        assertThat(call("GET foo")).isEqualTo("-MOVED 12182 ?:7002\r\n");

        configuration = Configuration.of("--cluster-preferred-endpoint-type", "unknown-endpoint");
        route(me(" 0-10000") + other(" 10001-16383"));
        assertThat(call("GET foo")).isEqualTo("-MOVED 12182 :7002\r\n");
    }

    @Test
    void shouldAskForMissingKeysOfAMigratingSlot() {
        store(FOO);
        route(me(" 0-16383 [12182->-" + OTHER + "]") + other(""));

        assertThat(call("GET foo")).isEqualTo(SERVED);
        assertThat(call("GET {foo}2")).isEqualTo(ASK_FOO);
        assertThat(call("MGET {foo}2 {foo}3")).isEqualTo(ASK_FOO);
        assertThat(call("MGET foo {foo}2")).isEqualTo(TRY_AGAIN);
        assertThat(call("MGET foo foo")).isEqualTo(SERVED);
        assertThat(call("GET bar")).isEqualTo(SERVED);
    }

    @Test
    void shouldServeMigrateInAMovingSlotWhateverIsMissing() {
        route(me(" 0-16383 [12182->-" + OTHER + "]") + other(""));

        assertThat(call("MIGRATE 127.0.0.1 7002 foo 0 1000")).isEqualTo(SERVED);
    }

    @Test
    void shouldServeAnImportingSlotToThoseWhoAsk() {
        store(FOO);
        route(me(" 0-10000 [12182-<-" + OTHER + "]") + other(" 10001-16383"));

        assertThat(call("GET foo")).isEqualTo(MOVED_FOO);
        assertThat(call("ASKING")).isEqualTo("+OK\r\n");
        assertThat(call("GET {foo}2")).isEqualTo(SERVED);
        assertThat(call("GET {foo}2")).as("ASKING is for one command").isEqualTo(MOVED_FOO);
        assertThat(call("RESTORE-ASKING foo 0 x")).isEqualTo(SERVED);
        call("ASKING");
        assertThat(call("MGET foo foo")).isEqualTo(SERVED);
        call("ASKING");
        assertThat(call("MGET foo {foo}2")).isEqualTo(TRY_AGAIN);
        call("ASKING");
        assertThat(call("MGET {foo}2 {foo}2")).as("one key, twice").isEqualTo(SERVED);
        call("ASKING");
        assertThat(call("GET bar")).isEqualTo(SERVED);
    }

    @Test
    void shouldServeReadsAsReplicaToReadOnlyClients() {
        route(REPLICA + " 127.0.0.1:7001@17001 myself,slave " + OTHER + " 0 0 0 connected\n"
                + me(" 0-10000").replace("myself,", "").replace("7001", "7003")
                + other(" 10001-16383"));

        assertThat(call("GET foo")).isEqualTo(MOVED_FOO);
        assertThat(call("SPUBLISH foo 1")).isEqualTo(SERVED);
        assertThat(call("READONLY")).isEqualTo("+OK\r\n");
        assertThat(call("GET foo")).isEqualTo(SERVED);
        assertThat(call("SET foo 1")).isEqualTo(MOVED_FOO);
        assertThat(call("GET bar")).isEqualTo("-MOVED 5061 127.0.0.1:17003\r\n".replace("17", "7"));
        assertThat(call("READWRITE")).isEqualTo("+OK\r\n");
        assertThat(call("GET foo")).isEqualTo(MOVED_FOO);
    }

    @Test
    void shouldRefuseBeforeTheFirstView() {
        route((ClusterView) null);

        assertThat(call("GET foo")).isEqualTo(DOWN);
    }
}
