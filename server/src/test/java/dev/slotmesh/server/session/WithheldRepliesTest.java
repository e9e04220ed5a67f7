package dev.slotmesh.server.session;

import static dev.slotmesh.server.session.HeldConnection.request;
import static dev.slotmesh.server.session.SessionFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.server.propagation.RecordedStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client gets, and when, whose writes replicas must have first. */
final class WithheldRepliesTest {
    private static final String OK = "+OK\r\n";
    private static final String UNCONFIRMED =
            "-NOREPLICAS The write was applied here, but not confirmed by 1 replica(s) in time\r\n";
    private static final int TIMEOUT_MS = 100_000;

    private final SessionFixture node = new SessionFixture();
    private final RecordedStream stream = new RecordedStream();
    private final OneReplica replica = new OneReplica();
    private HeldConnection client;
    private HeldConnection other;

    /** A replica that has what the test says it has. */
    private static final class OneReplica implements Confirmations {
        private record Waiting(Written written, Runnable action) {}

        private final List<Waiting> waiting = new ArrayList<>();
        private long has = -1;
        private int tenure;

        void acknowledges(long offset) {
            has = offset;
            List<Waiting> before = List.copyOf(waiting);
            waiting.clear();
            for (Waiting waiter : before) {
                whenConfirmed(waiter.written(), waiter.action());
            }
        }

        @Override
        public int tenure() {
            return tenure;
        }

        @Override
        public boolean isConfirmed(Written written) {
            return written.replicas() == 1 && written.tenure() == tenure && has >= written.offset();
        }

        @Override
        public Runnable whenConfirmed(Written written, Runnable action) {
            Waiting waiter = new Waiting(written, action);
            if (isConfirmed(written)) {
                action.run();
            } else {
                waiting.add(waiter);
            }
            return () -> waiting.remove(waiter);
        }
    }

    @BeforeEach
    void connect() {
        node.dispatcher().confirmations(replica);
        node.keyspace().locks().lockWorld();
        node.dispatcher().commandLog().attachReplication(stream);
        node.keyspace().locks().unlockWorld();
        client = node.connect();
        other = node.connect();
        node.dispatcher().ackWrites(new AckWrites(0, TIMEOUT_MS));
        client.runTasks();
        other.runTasks();
        assertThat(call(client, "CLIENT ACK-WRITES 1")).isEqualTo(OK);
    }

    @AfterEach
    void shouldLeaveNothingBehind() {
        node.close();
        assertThat(replica.waiting).as("waits left").isEmpty();
    }

    private void acknowledgeAll() {
        replica.acknowledges(stream.endOffset());
    }

    @Test
    void shouldSendTheRepliesOfWritesWhenTheReplicaHasThem() {
        assertThat(call(client, "SET k 1")).isEmpty();
        assertThat(call(other, "GET k")).as("applied at once").isEqualTo("$1\r\n1\r\n");
        assertThat(call(other, "SET l 1")).as("others have not asked for it").isEqualTo(OK);

        acknowledgeAll();

        assertThat(client.take()).isEqualTo(OK);
        assertThat(call(client, "GET k")).isEqualTo("$1\r\n1\r\n");
        assertThat(client.timers()).isZero();
    }

    @Test
    void shouldAnswerAtOnceWhatChangesNothing() {
        assertThat(call(client, "GET k")).isEqualTo("$-1\r\n");
        assertThat(call(client, "DEL k")).isEqualTo(":0\r\n");
        assertThat(call(client, "SET k 1 XX")).isEqualTo("$-1\r\n");
        assertThat(call(client, "SET k")).startsWith("-ERR wrong number");
    }

    @Test
    void shouldKeepTheOrderOfAPipeline() {
        client.send(request("GET", "k") + request("SET", "k", "1") + request("GET", "k"));
        assertThat(client.take()).as("what came before the write").isEqualTo("$-1\r\n");
        client.send(request("ECHO", "a"));
        client.send(request("SET", "k", "2") + request("ECHO", "b"));
        long second = stream.endOffset();
        client.send(request("SET", "k", "3"));
        assertThat(client.take()).isEmpty();

        replica.acknowledges(second);
        assertThat(client.take()).isEqualTo("+OK\r\n$1\r\n1\r\n$1\r\na\r\n+OK\r\n$1\r\nb\r\n");

        acknowledgeAll();
        assertThat(client.take()).isEqualTo(OK);
    }

    @Test
    void shouldAnswerWritesByAnErrorWhenTheTimeIsUp() {
        client.send(request("SET", "k", "1") + request("GET", "k") + request("INCR", "k"));
        client.send(request("ECHO", "a"));
        client.elapse(TIMEOUT_MS / 2);
        assertThat(client.take()).isEmpty();

        client.elapse(TIMEOUT_MS / 2);

        assertThat(client.take())
                .isEqualTo(UNCONFIRMED + "$1\r\n1\r\n" + UNCONFIRMED + "$1\r\na\r\n");
        assertThat(call(other, "GET k")).as("applied nevertheless").isEqualTo("$1\r\n2\r\n");
        acknowledgeAll();
        assertThat(client.take()).as("nothing twice").isEmpty();
        assertThat(node.dispatcher().statistics().errors()).containsEntry("NOREPLICAS", 2L);
    }

    @Test
    void shouldConfirmATransactionAsOne() {
        client.send(request("MULTI") + request("SET", "k", "1") + request("GET", "k"));
        assertThat(client.take()).isEqualTo("+OK\r\n+QUEUED\r\n+QUEUED\r\n");
        assertThat(call(client, "EXEC")).isEmpty();
        acknowledgeAll();
        assertThat(client.take()).isEqualTo("*2\r\n+OK\r\n$1\r\n1\r\n");

        client.send(
                request("MULTI") + request("INCR", "k") + request("EXEC") + request("GET", "k"));
        assertThat(client.take()).as("before the first write").isEqualTo("+OK\r\n+QUEUED\r\n");
        client.elapse(TIMEOUT_MS);
        assertThat(client.take()).isEqualTo(UNCONFIRMED + "$1\r\n2\r\n");
    }

    @Test
    void shouldKeepATransactionBackThatStandsStillInItsMiddle() {
        String transaction = request("MULTI")
                + request("SET", "k", "1")
                + request("DEBUG", "x")
                + request("GET", "k")
                + request("EXEC");
        String queued = "+OK\r\n" + "+QUEUED\r\n".repeat(3);
        client.send(request("ECHO", "a") + transaction);
        assertThat(client.take()).as("nothing before the reply is whole").isEmpty();
        node.waiting().answer();
        assertThat(client.take()).as("what came before").isEqualTo("$1\r\na\r\n" + queued);
        acknowledgeAll();
        assertThat(client.take()).isEqualTo("*3\r\n+OK\r\n+answered\r\n$1\r\n1\r\n");

        client.send(transaction);
        node.waiting().answer();
        client.runTasks();
        client.elapse(TIMEOUT_MS);
        assertThat(client.take()).as("one error for all of it").isEqualTo(queued + UNCONFIRMED);
    }

    @Test
    void shouldWithholdWhatServesAWaitingClient() {
        assertThat(call(client, "BLPOP k 0")).isEmpty();
        assertThat(call(other, "SET k 1")).isEqualTo(OK);
        assertThat(client.take()).as("served, but not confirmed").isEmpty();

        acknowledgeAll();
        assertThat(client.take()).isEqualTo("$1\r\n1\r\n");

        assertThat(call(client, "BLPOP k 100")).isEmpty();
        client.elapse(TIMEOUT_MS);
        assertThat(client.take())
                .as("nothing was written")
                .isNotEmpty()
                .doesNotContain("NOREPLICAS");
    }

    @Test
    void shouldHeedCommandsThatAreNotAnswered() {
        call(client, "CLIENT REPLY OFF");
        client.send(request("SET", "k", "1") + request("CLIENT", "REPLY", "ON"));
        assertThat(client.take()).isEqualTo(OK);
        client.send(request("CLIENT", "REPLY", "SKIP")
                + request("SET", "k", "2")
                + request("GET", "k"));
        assertThat(client.take()).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void shouldConfirmNothingAcrossAChangeOfTheRole() {
        assertThat(call(client, "SET k 1")).isEmpty();
        replica.tenure++;
        replica.acknowledges(Long.MAX_VALUE);

        assertThat(client.take()).isEmpty();
        client.elapse(TIMEOUT_MS);
        assertThat(client.take()).isEqualTo(UNCONFIRMED);
        assertThat(call(client, "SET k 2")).as("in the new tenure").isEqualTo(OK);
    }

    @Test
    void shouldCloseOnlyWhenTheLastReplyIsSent() {
        client.send(request("SET", "k", "1") + request("QUIT"));
        assertThat(client.isOpen()).isTrue();

        acknowledgeAll();

        assertThat(client.take()).isEqualTo("+OK\r\n+OK\r\n");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void shouldForgetWhatIsWithheldWhenTheClientGoesOrIsKilled() {
        call(client, "SET k 1");
        client.close();
        client.runTasks();
        assertThat(client.timers()).isZero();

        HeldConnection killed = node.connect();
        call(killed, "CLIENT ACK-WRITES 1");
        call(killed, "SET k 2");
        assertThat(call(other, "CLIENT KILL ID " + killed.session().id())).isEqualTo(":1\r\n");
        killed.runTasks();
        assertThat(killed.isOpen()).isFalse();
        acknowledgeAll();
        assertThat(killed.take()).isEmpty();
    }

    @Test
    void shouldCountWhatIsWithheldAsUnsent() {
        call(client, "SET k 1");
        call(client, "GET k");

        assertThat(call(other, "CLIENT LIST ID " + client.session().id()))
                .containsPattern(" tot-mem=\\d+ ")
                .doesNotContain(" omem=0 ");

        acknowledgeAll();
        client.take();
        assertThat(client.session().state().outputBytes()).isZero();
    }

    @Test
    void shouldGoByTheDirectiveUnlessTheClientHasItsOwnTerms() {
        node.dispatcher().ackWrites(new AckWrites(2, TIMEOUT_MS));
        other.runTasks();
        HeldConnection later = node.connect();
        assertThat(call(other, "SET a 1")).isEmpty();
        assertThat(call(later, "SET b 1")).isEmpty();
        assertThat(call(client, "SET c 1")).isEmpty();

        acknowledgeAll();
        assertThat(client.take()).as("its own: one").isEqualTo(OK);
        assertThat(other.take()).as("two are not there").isEmpty();
        assertThat(call(later, "CLIENT ACK-WRITES 0")).as("in order").isEmpty();
        other.elapse(TIMEOUT_MS);
        later.elapse(TIMEOUT_MS);

        String two = UNCONFIRMED.replace("1 replica", "2 replica");
        assertThat(other.take()).isEqualTo(two);
        assertThat(later.take()).isEqualTo(two + OK);
        assertThat(call(later, "SET b 2")).isEqualTo(OK);
        node.dispatcher().ackWrites(new AckWrites(0, TIMEOUT_MS));
        other.runTasks();
        assertThat(call(other, "SET a 2")).isEqualTo(OK);
    }

    @Test
    void shouldForgetOwnTermsWithReset() {
        assertThat(call(client, "RESET")).isEqualTo("+RESET\r\n");
        assertThat(call(client, "SET k 1")).isEqualTo(OK);
    }

    @Test
    void shouldRefuseNumbersOfReplicasThatMakeNoSense() {
        for (String number : List.of("-1", "x", "2147483648", "9223372036854775808")) {
            assertThat(call(client, "CLIENT ACK-WRITES " + number)).startsWith("-ERR ");
        }
        assertThat(call(client, "CLIENT ACK-WRITES")).startsWith("-ERR wrong number");
    }
}
