package dev.slotmesh.server.reshard;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.resp.ReplyDecoder;
import dev.slotmesh.resp.RequestEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A blocking connection to one node, in RESP2, with requests in a row and their replies. A failure of it costs the connection.
 * For one thread.
 */
final class NodeConnection implements AutoCloseable {
    /** How often a wait looks whether the operator insists on the end. */
    private static final int LOOK_MS = 200;

    private static final int READ_BYTES = 64 * 1024;
    private static final int CONNECT_MS = 10_000;

    private final Address address;
    private final Interruption interruption;
    private final long patienceNanos;
    private final Socket socket = new Socket();
    private final ReplyDecoder decoder = new ReplyDecoder();
    private final ByteBuf input = Unpooled.buffer(READ_BYTES);
    private final ByteBuf output = Unpooled.buffer(READ_BYTES);
    private final RequestEncoder encoder = new RequestEncoder(output);
    private int awaited;

    /** @param patienceMs how long a reply may take */
    private NodeConnection(Address address, Interruption interruption, long patienceMs) {
        this.address = address;
        this.interruption = interruption;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMs);
    }

    /**
     * Connects and authenticates.
     *
     * @param patienceMs how long a reply may take
     * @throws ReshardFailure when that fails
     */
    static NodeConnection open(
            Address address, Credentials credentials, Interruption interruption, long patienceMs)
            throws ReshardFailure {
        NodeConnection connection = new NodeConnection(address, interruption, patienceMs);
        try {
            connection.socket.setTcpNoDelay(true);
            connection.socket.setSoTimeout(LOOK_MS);
            connection.socket.connect(
                    new InetSocketAddress(address.host(), address.port()), CONNECT_MS);
        } catch (IOException unreachable) {
            connection.close();
            throw new ReshardFailure(
                    "cannot connect to " + address + ": " + reason(unreachable), unreachable);
        }
        if (!credentials.isNone()) {
            try {
                connection.authenticate(credentials);
            } catch (ReshardFailure refused) {
                connection.close();
                throw refused;
            }
        }
        return connection;
    }

    private void authenticate(Credentials credentials) throws ReshardFailure {
        if (ask(credentials.request().toArray(String[]::new)) instanceof Reply.SimpleError error) {
            throw new ReshardFailure(address + " refuses the password: " + error.text());
        }
    }

    Address address() {
        return address;
    }

    /** Puts a request in the row; {@link #exchange} sends it. */
    void add(String... words) {
        encoder.request(words);
        awaited++;
    }

    /** Like {@link #add(String...)}: words, then further arguments as bytes. */
    void add(List<String> words, List<byte[]> arguments) {
        encoder.begin(words.size() + arguments.size());
        words.forEach(encoder::argument);
        arguments.forEach(encoder::argument);
        awaited++;
    }

    /**
     * Sends all requests of the row that have not been sent.
     *
     * @throws ReshardFailure when the connection breaks
     */
    void send() throws ReshardFailure {
        try {
            socket.getOutputStream()
                    .write(output.array(), output.arrayOffset(), output.readableBytes());
            output.clear();
        } catch (IOException broken) {
            throw brokenBy(broken);
        }
    }

    /**
     * Sends what has not been sent of the row and waits for the replies to all its requests, errors among them, in the same order.
     *
     * @throws ReshardFailure when the connection breaks, a reply takes too long, or the operator insists on the end
     */
    List<Reply> exchange() throws ReshardFailure {
        List<Reply> replies = new ArrayList<>(awaited);
        send();
        try {
            while (awaited > 0) {
                replies.add(read());
                awaited--;
            }
        } catch (IOException broken) {
            throw brokenBy(broken);
        }
        return replies;
    }

    private ReshardFailure brokenBy(IOException failure) {
        close();
        return new ReshardFailure(
                "the connection to " + address + " is broken: " + reason(failure), failure);
    }

    /** One request and its reply, which may be an error. */
    Reply ask(String... words) throws ReshardFailure {
        add(words);
        return exchange().get(0);
    }

    /**
     * One request and its reply.
     *
     * @throws ReshardFailure also when the reply is an error
     */
    Reply call(String... words) throws ReshardFailure {
        Reply reply = ask(words);
        if (reply instanceof Reply.SimpleError error) {
            throw new ReshardFailure(
                    address + " answers " + String.join(" ", words) + " with: " + error.text());
        }
        return reply;
    }

    /** Like {@link #call}, for a reply that is text. */
    String text(String... words) throws ReshardFailure {
        Reply reply = call(words);
        if (reply instanceof Reply.Bulk bulk) {
            return bulk.text();
        }
        if (reply instanceof Reply.SimpleString simple) {
            return simple.text();
        }
        throw new ReshardFailure(
                address + " answers " + String.join(" ", words) + " with " + reply);
    }

    private Reply read() throws IOException, ReshardFailure {
        long deadline = System.nanoTime() + patienceNanos;
        while (true) {
            switch (decoder.decode(input)) {
                case REPLY -> {
                    input.discardSomeReadBytes();
                    return decoder.reply();
                }
                case MORE -> receive(deadline);
                default -> throw new IOException("no reply of RESP: " + decoder.refusal());
            }
        }
    }

    private void receive(long deadline) throws IOException, ReshardFailure {
        while (true) {
            if (interruption.isInsisted()) {
                close();
                throw new ReshardFailure("stopped at once, as told twice");
            }
            try {
                if (input.writeBytes(socket.getInputStream(), READ_BYTES) < 0) {
                    throw new EOFException("closed by the node");
                }
                return;
            } catch (SocketTimeoutException silence) {
                if (deadline - System.nanoTime() <= 0) {
                    throw new IOException("no reply in time", silence);
                }
            }
        }
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Closes the socket; a failure of that changes nothing for anybody. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            awaited = 0;
        }
    }
}
