package dev.slotmesh.server.differential;

import dev.slotmesh.server.oracle.RespConnection;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection to either server, to which the same number of lines go in one piece. For one thread. */
record ServerPair(RespConnection ours, RespConnection theirs) implements AutoCloseable {

    /**
     * What both servers answered to one line.
     *
     * @param line as it was sent, to us at least
     */
    record Answer(Line line, String ours, String theirs) {

        /** Whether they agree by the rule of the line. */
        boolean agrees() {
            return agrees(ReplyRule.of(line));
        }

        boolean agrees(ReplyRule rule) {
            return rule.agree(ours, theirs);
        }
    }

    /** A server that closed the connection or is silent; ends the program. */
    static final class NoReply extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoReply(String what) {
            super(what);
        }
    }

    /** Sends the same lines to both and reads all replies. */
    List<Answer> send(List<Line> lines) {
        return send(lines, lines);
    }

    /** Sends different lines, as many to either. */
    List<Answer> send(List<Line> toOurs, List<Line> toTheirs) {
        ours.send(encoded(toOurs));
        theirs.send(encoded(toTheirs));
        List<Answer> answers = new ArrayList<>();
        for (Line line : toOurs) {
            answers.add(new Answer(line, read(ours, line), read(theirs, line)));
        }
        return answers;
    }

    private String read(RespConnection server, Line line) {
        try {
            return server.readReplyText();
        } catch (UncheckedIOException noReply) {
            throw new NoReply((server == ours ? "slotmesh" : "redis") + " does not answer " + line
                    + ": " + noReply.getMessage());
        }
    }

    @Override
    public void close() {
        ours.close();
        theirs.close();
    }

    private static byte[] encoded(List<Line> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Line line : lines) {
            append(bytes, "*" + line.words().size());
            for (String word : line.words()) {
                append(bytes, "$" + word.length());
                append(bytes, word);
            }
        }
        return bytes.toByteArray();
    }

    private static void append(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        bytes.write('\r');
        bytes.write('\n');
    }
}
