package dev.slotmesh.server.session;

import static dev.slotmesh.server.session.HeldConnection.request;
import static dev.slotmesh.server.session.SessionFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that wait for keys: how each wait ends, once. */
final class WaitTest {
    private static final String UNBLOCKED = "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n";
    private final SessionFixture node = new SessionFixture();
    private final HeldConnection other = node.connect();

    @AfterEach
    void shouldLeaveNothingBehind() {
        node.close();
    }

    @Test
    void shouldServeInOrderOfArrival() {
        HeldConnection first = waiting("BLPOP k 0");
        HeldConnection second = waiting("BLPOP other k 0");
        HeldConnection third = waiting("BLPOP k 0");

        assertThat(call(other, "SET k 1")).isEqualTo("+OK\r\n");
        assertThat(first.take()).isEqualTo("$1\r\n1\r\n");
        assertThat(second.take()).isEmpty();
        assertThat(call(other, "SET k 2")).isEqualTo("+OK\r\n");
        assertThat(second.take()).isEqualTo("$1\r\n2\r\n");
        assertThat(call(other, "SET other 3")).isEqualTo("+OK\r\n");

        assertThat(third.take()).isEmpty();
        assertThat(call(other, "GET other")).isEqualTo("$1\r\n3\r\n");
        assertThat(call(other, "EXISTS k")).isEqualTo(":0\r\n");
        assertThat(node.dispatcher().waitingCount()).isEqualTo(1);
    }

    @Test
    void shouldServeBetweenTheCommandsOfAPipeline() {
        HeldConnection client = waiting("BLPOP k 0");

        other.send(request("SET", "k", "1") + request("GET", "k") + request("SET", "k", "2"));

        assertThat(other.take()).isEqualTo("+OK\r\n$-1\r\n+OK\r\n");
        assertThat(client.take()).isEqualTo("$1\r\n1\r\n");
        assertThat(call(other, "GET k")).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void shouldExecuteWhatWasPipelinedBehindTheWait() {
        HeldConnection client = node.connect();
        client.send(request("BLPOP", "k", "0") + request("ECHO", "next"));
        client.send(request("ECHO", "last"));

        assertThat(client.take()).isEmpty();
        call(other, "SET k 1");

        assertThat(client.take()).isEqualTo("$1\r\n1\r\n$4\r\nnext\r\n$4\r\nlast\r\n");
    }

    @Test
    void shouldStopReadingAClientThatSendsMuchWhileItWaits() {
        HeldConnection client = waiting("BLPOP k 0");
        String echo = request("ECHO", "x".repeat(1000));

        client.send(echo.repeat(30));
        assertThat(client.isReading()).isTrue();
        client.send(echo.repeat(60));
        assertThat(client.isReading()).isFalse();
        call(other, "SET k 1");

        assertThat(client.take()).hasSize(7 + 90 * 1009);
        assertThat(client.isReading()).isTrue();
    }

    @Test
    void shouldReplyNullWhenTheTimeIsUp() {
        HeldConnection array = waiting("BLPOP k 100");
        HeldConnection bulk = waiting("BRPOPLPUSH k l 100");
        HeldConnection three = node.connect();
        call(three, "HELLO 3");
        call(three, "BLPOP k 100");
        assertThat(node.dispatcher().timedWaitCount()).isEqualTo(3);

        for (HeldConnection client : new HeldConnection[] {array, bulk, three}) {
            client.elapse(99);
            assertThat(client.take()).isEmpty();
            client.elapse(1);
        }

        assertThat(array.take()).isEqualTo("*-1\r\n");
        assertThat(bulk.take()).isEqualTo("$-1\r\n");
        assertThat(three.take()).isEqualTo("_\r\n");
        assertThat(call(other, "SET k 1")).isEqualTo("+OK\r\n");
        assertThat(call(other, "GET k")).isEqualTo("$1\r\n1\r\n");
    }

    @Test
    void shouldEndAWaitOnceWhoeverComesFirst() {
        HeldConnection client = waiting("BLPOP k 100");

        other.command("SET", "k", "1");
        client.elapse(100);
        assertThat(call(other, "CLIENT UNBLOCK " + client.session().id())).endsWith(":0\r\n");

        assertThat(client.take()).isEqualTo("$1\r\n1\r\n");
        assertThat(call(client, "PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void shouldUnblockAsAskedFor() {
        HeldConnection client = waiting("BLPOP k 0");
        String id = Long.toString(client.session().id());

        assertThat(call(other, "CLIENT UNBLOCK " + id)).isEqualTo(":1\r\n");
        assertThat(client.take()).isEqualTo("*-1\r\n");
        call(client, "BLPOP k 0");
        assertThat(call(other, "CLIENT UNBLOCK " + id + " ERROR")).isEqualTo(":1\r\n");
        assertThat(client.take()).isEqualTo(UNBLOCKED);
        call(client, "BLPOP k 0");
        assertThat(call(other, "CLIENT UNBLOCK " + id + " timeout")).isEqualTo(":1\r\n");
        assertThat(client.take()).isEqualTo("*-1\r\n");

        assertThat(call(other, "CLIENT UNBLOCK " + id)).isEqualTo(":0\r\n");
        assertThat(call(other, "CLIENT UNBLOCK 999")).isEqualTo(":0\r\n");
        assertThat(call(other, "CLIENT UNBLOCK " + id + " now"))
                .isEqualTo("-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR\r\n");
        assertThat(call(other, "CLIENT UNBLOCK x"))
                .isEqualTo("-ERR value is not an integer or out of range\r\n");
    }

    @Test
    void shouldForgetAClientThatDisconnects() {
        HeldConnection gone = waiting("BLPOP k 100");
        HeldConnection killed = waiting("BLPOP k 0");
        HeldConnection stays = waiting("BLPOP k 0");

        gone.close();
        gone.runTasks();
        assertThat(call(other, "CLIENT KILL ID " + killed.session().id())).isEqualTo(":1\r\n");
        killed.runTasks();
        call(other, "SET k 1");

        assertThat(stays.take()).isEqualTo("$1\r\n1\r\n");
        assertThat(node.dispatcher().waitingCount()).isZero();
    }

    @Test
    void shouldReleaseTheReplyOfAClientThatDisconnectsAfterItWasServed() {
        HeldConnection client = waiting("BLPOP k 100");

        // It tells the session of its end in a task that has yet to run.
        client.close();
        other.command("SET", "k", "1");
        client.runTasks();

        assertThat(client.isOpen()).isFalse();
        assertThat(client.take()).isEmpty();
        assertThat(call(other, "EXISTS k")).isEqualTo("+OK\r\n:0\r\n");
    }

    @Test
    void shouldServeWhatServingChanges() {
        HeldConnection end = waiting("BLPOP c 0");
        HeldConnection second = waiting("BRPOPLPUSH b c 0");
        HeldConnection first = waiting("BRPOPLPUSH a b 0");

        assertThat(call(other, "SET a x")).isEqualTo("+OK\r\n");

        for (HeldConnection client : new HeldConnection[] {first, second, end}) {
            assertThat(client.take()).isEqualTo("$1\r\nx\r\n");
        }
        assertThat(call(other, "DBSIZE")).isEqualTo(":0\r\n");
    }

    @Test
    void shouldServeAfterTheWholeTransaction() {
        HeldConnection client = waiting("BLPOP a b 0");

        call(other, "MULTI");
        call(other, "SET b 1");
        call(other, "SET a 2");
        call(other, "GET b");
        call(other, "BLPOP none 0");
        assertThat(call(other, "EXEC")).isEqualTo("*4\r\n+OK\r\n+OK\r\n$1\r\n1\r\n*-1\r\n");

        assertThat(client.take()).isEqualTo("$1\r\n1\r\n");
        assertThat(call(other, "GET a")).isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void shouldGoOnWaitingWhenTheWaiterSaysSo() {
        HeldConnection client = waiting("BLPOP k 0");

        call(other, "SET k later");
        assertThat(client.take()).isEmpty();
        call(other, "SET k now");

        assertThat(client.take()).isEqualTo("$3\r\nnow\r\n");
    }

    @Test
    void shouldEndTheWaitByTheWaitersError() {
        HeldConnection refused = waiting("BLPOP k 0");
        HeldConnection broken = waiting("BLPOP l 0");

        call(other, "SET k refuse");
        call(other, "SET l break");

        assertThat(refused.take()).isEqualTo("-ERR refused\r\n");
        assertThat(broken.take()).isEqualTo("-ERR internal error, see the server's log\r\n");
        assertThat(node.mistakes()).containsExactly("blpop: broken");
    }

    @Test
    void shouldServeByRenameCopyMoveAndSwap() {
        HeldConnection client = waiting("BLPOP k 0");
        call(other, "SET a 1");
        call(other, "RENAME a k");
        assertThat(client.take()).isEqualTo("$1\r\n1\r\n");

        call(client, "BLPOP k 0");
        call(other, "SET a 2");
        call(other, "COPY a k");
        assertThat(client.take()).isEqualTo("$1\r\n2\r\n");

        call(client, "BLPOP k 0");
        call(other, "SELECT 1");
        call(other, "SET k 3");
        call(other, "SWAPDB 0 1");
        assertThat(client.take()).isEqualTo("$1\r\n3\r\n");

        call(client, "BLPOP k 0");
        call(other, "SET k 4");
        call(other, "MOVE k 0");
        assertThat(client.take()).isEqualTo("$1\r\n4\r\n");
    }

    @Test
    void shouldKeepWaitingForTheSameDatabaseAcrossFlushAndSwap() {
        HeldConnection client = waiting("BLPOP k 0");

        call(other, "FLUSHALL");
        call(other, "SWAPDB 0 1");
        call(other, "SELECT 1");
        call(other, "SET k 1");
        assertThat(client.take()).isEmpty();
        call(other, "SELECT 0");
        call(other, "SET k 0");

        assertThat(client.take()).isEqualTo("$1\r\n0\r\n");
    }

    @Test
    void shouldTellThoseWhoMindThatTheKeyHasGone() {
        String gone = "-UNBLOCKED gone\r\n";
        HeldConnection client = node.connect();
        HeldConnection before = waiting("BLPOP s 0");
        String wait = "XREADGROUP GROUP g c STREAMS s >";

        call(other, "SET s later");
        call(client, wait);
        call(other, "DEL s");
        assertThat(client.take()).isEqualTo(gone);
        call(other, "SET s later");
        call(client, wait);
        call(other, "FLUSHALL");
        assertThat(client.take()).isEqualTo(gone);
        call(other, "SET s later");
        call(client, wait);
        call(other, "SWAPDB 0 1");
        assertThat(client.take()).isEqualTo(gone);
        call(other, "SET s later");
        call(client, wait);
        call(other, "PEXPIREAT s " + (System.currentTimeMillis() + 1));
        while (!call(other, "EXISTS s").equals(":0\r\n")) {
            Thread.onSpinWait();
        }
        before.runTasks();
        assertThat(client.take()).isEqualTo(gone);
        assertThat(before.take()).isEmpty();
    }

    @Test
    void shouldShowThatAClientWaits() {
        HeldConnection client = waiting("BLPOP k 0");

        String line = call(other, "CLIENT LIST")
                .lines()
                .filter(text -> text.contains("id=" + client.session().id() + " "))
                .findFirst()
                .orElseThrow();

        assertThat(line).contains(" flags=b ").contains(" cmd=blpop ");
    }

    @Test
    void shouldEndEveryWaitAndItsConnectionWhenTheNodeBecomesAReplica() {
        boolean[] replica = {false};
        Router router = new Router() {
            @Override
            public String refusal(Call call, int slot) {
                return null;
            }

            @Override
            public String waitRefusal(Session session, int slot) {
                return null;
            }

            @Override
            public boolean isReplica() {
                return replica[0];
            }
        };
        SessionFixture cluster = new SessionFixture(router, SessionLimits.DEFAULT);
        HeldConnection client = cluster.connect();
        call(client, "BLPOP k 0");

        cluster.dispatcher().reviewWaits();
        assertThat(client.take()).isEmpty();
        replica[0] = true;
        cluster.dispatcher().reviewWaits();

        assertThat(client.take())
                .isEqualTo(
                        "-UNBLOCKED force unblock from blocking operation, instance state changed"
                                + " (master -> replica?)\r\n");
        client.runTasks();
        assertThat(client.isOpen()).isFalse();
        cluster.close();
    }

    @Test
    void shouldRedirectThoseWhoWaitInASlotThatHasGone() {
        String[] refusal = {null};
        Router router = new Router() {
            @Override
            public String refusal(Call call, int slot) {
                return null;
            }

            @Override
            public String waitRefusal(Session session, int slot) {
                return refusal[0];
            }
        };
        try (SessionFixture cluster = new SessionFixture(router, SessionLimits.DEFAULT)) {
            HeldConnection client = cluster.connect();
            call(client, "BLPOP k 0");

            cluster.dispatcher().reviewWaits();
            assertThat(client.take()).isEmpty();
            refusal[0] = "MOVED 7629 127.0.0.1:7001";
            cluster.dispatcher().reviewWaits();

            assertThat(client.take()).isEqualTo("-MOVED 7629 127.0.0.1:7001\r\n");
        }
    }

    private HeldConnection waiting(String line) {
        HeldConnection client = node.connect();
        assertThat(call(client, line)).isEmpty();
        return client;
    }
}
