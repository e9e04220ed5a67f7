package dev.slotmesh.benchmarks;

import dev.slotmesh.server.Node;
import dev.slotmesh.server.StartFailure;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.session.Session;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocalThread;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The longest single command while a structure of each kind grows to many elements and shrinks again one by one, when it is
 * deleted, expires and is flushed, and of other commands while the background frees it.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.slotmesh.benchmarks.StepTimes [elements]</pre>
 *
 * <p>It prints processor time and time by the clock, ms; only an idle machine makes the latter tell anything.
 */
public final class StepTimes implements AutoCloseable {
    private static final int ELEMENTS = 5_000_000;
    private static final int WARM_UP = 50_000;
    private static final long FAR = 2_654_435_761L;
    private static final int FAR_RANGE = 1_000_000_007;
    private static final int REQUEST_BYTES = 16 * 1024;

    private final Node node;
    private final EmbeddedConnection connection = new EmbeddedConnection();
    private final Session session;
    private final int elements;
    private final boolean silent;

    private StepTimes(int elements, boolean silent) throws StartFailure {
        this.elements = elements;
        this.silent = silent;
        node = Node.start(
                Configuration.of(
                        "--port",
                        Integer.toString(freePort()),
                        "--save",
                        "",
                        "--loglevel",
                        "warning"),
                new NodeLog(""));
        session = node.dispatcher().admit(connection);
    }

    /** Nobody connects to it, but a node has to listen somewhere. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** @param arguments how many elements; 5,000,000 if left out */
    public static void main(String[] arguments) throws InterruptedException {
        int elements = arguments.length == 0 ? ELEMENTS : Integer.parseInt(arguments[0]);
        Thread thread = new FastThreadLocalThread(() -> {
            measure(WARM_UP, true);
            measure(elements, false);
        });
        thread.start();
        thread.join();
    }

    private static void measure(int elements, boolean silent) {
        try (StepTimes times = new StepTimes(elements, silent)) {
            Growth.ofAllTypes().forEach(times::measure);
            times.measurePending();
        } catch (StartFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void measure(Growth growth) {
        print(growth, "grows", grow(growth, 1));
        print(growth, "shrinks", shrink(growth));
        step("DEL " + Growth.KEY);
        boolean ofKeys = growth.name().equals("keys");
        if (!ofKeys) {
            endAndWait(growth, "DEL " + Growth.KEY);
            endAndWait(growth, "UNLINK " + Growth.KEY);
            endAndWait(growth, "PEXPIRE " + Growth.KEY + " 1");
        }
        endAndWait(growth, "FLUSHALL ASYNC");
    }

    private void measurePending() {
        Growth stream = Growth.ofAllTypes().get(Growth.ofAllTypes().size() - 1);
        Growth pending = Growth.ofPendingEntries();
        grow(stream, 1);
        send(List.of(("XGROUP CREATE " + Growth.KEY + " g 0").split(" ")));
        print(pending, "grows", grow(pending, 1));
        print(pending, "shrinks", shrink(pending));
        send(List.of(("XGROUP SETID " + Growth.KEY + " g 0").split(" ")));
        grow(pending, 1);
        print(pending, "group destroyed", step("XGROUP DESTROY " + Growth.KEY + " g"));
        print(pending, "others meanwhile", others());
        step("FLUSHALL ASYNC");
    }

    /** Adds all elements, so many in a command. */
    private WorstStep grow(Growth growth, int together) {
        WorstStep worst = new WorstStep();
        worst.begin();
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= elements; i += together) {
            words.clear();
            words.addAll(numbered(growth.addHead(), i));
            for (int j = i; j < i + together && j <= elements; j++) {
                words.addAll(numbered(growth.addElement(), j));
            }
            sendMeasured(words, worst);
        }
        return worst;
    }

    private WorstStep shrink(Growth growth) {
        WorstStep worst = new WorstStep();
        for (int i = 1; i <= elements; i++) {
            sendMeasured(numbered(growth.remove(), i), worst);
        }
        return worst;
    }

    private void endAndWait(Growth growth, String command) {
        grow(growth, growth.most());
        print(growth, command, step(command));
        print(growth, "others meanwhile", others());
    }

    private WorstStep step(String command) {
        WorstStep worst = new WorstStep();
        sendMeasured(List.of(command.split(" ")), worst);
        return worst;
    }

    /** Writes another key until nothing large is left and nothing waits to be freed. */
    private WorstStep others() {
        WorstStep worst = new WorstStep();
        List<String> write = List.of("SET", "other", "value");
        List<String> exists = List.of("EXISTS", Growth.KEY);
        int done = 0;
        do {
            sendMeasured(write, worst);
            sendMeasured(exists, worst);
            done++;
        } while (done < WARM_UP || node.keyspace().remains().pendingCount() > 0);
        return worst;
    }

    private static List<String> numbered(List<String> words, int number) {
        List<String> numbered = new ArrayList<>(words.size());
        for (String word : words) {
            String near = word.indexOf('#') < 0 ? word : word.replace("#", "" + number);
            numbered.add(
                    near.indexOf('~') < 0
                            ? near
                            : near.replace("~", "" + number * FAR % FAR_RANGE));
        }
        return numbered;
    }

    private void send(List<String> words) {
        sendMeasured(words, new WorstStep());
    }

    private void sendMeasured(List<String> words, WorstStep worst) {
        ByteBuf request = connection.allocate(REQUEST_BYTES);
        ascii(request, "*" + words.size() + "\r\n");
        for (String word : words) {
            ascii(request, "$" + word.length() + "\r\n" + word + "\r\n");
        }
        worst.begin();
        session.receive(request);
        worst.lap();
        if (connection.firstByte() == '-') {
            throw new IllegalStateException("refused: " + words);
        }
    }

    private static void ascii(ByteBuf into, String text) {
        into.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    private void print(Growth growth, String what, WorstStep worst) {
        if (!silent) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-16s %-20s %8.3f ms of processor, %8.3f ms by the clock",
                    growth.name(),
                    what,
                    worst.cpuMs(),
                    worst.wallMs()));
        }
    }

    @Override
    public void close() {
        session.disconnected();
        node.close();
    }
}
