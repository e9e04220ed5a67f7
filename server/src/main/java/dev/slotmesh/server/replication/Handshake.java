package dev.slotmesh.server.replication;

import dev.slotmesh.server.log.NodeLog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What this node says to its primary until the primary's answer to PSYNC, line by line:
 *
 * <pre>
 *   PING                                  +PONG, or an error that asks for a password
 *   AUTH [user] password                  when there is one
 *   REPLCONF listening-port n
 *   REPLCONF ip-address a                 when one is announced
 *   REPLCONF capa eof capa psync2
 *   PSYNC id offset | ? -1 [FAILOVER]     +FULLRESYNC id offset, +CONTINUE [id], or an error
 *   SYNC                                  when the primary does not know PSYNC
 * </pre>
 *
 * Everything between PING and PSYNC is sent at once. Pure but for the log and what it sends; confined to the link's loop.
 */
final class Handshake {
    private static final int ID_CHARACTERS = 40;

    private final Introduction introduction;
    private final Consumer<byte[]> send;
    private final NodeLog log;
    private final List<Answer> expected = new ArrayList<>();

    /**
     * Who this node is and where it would go on.
     *
     * @param user of the primary's ACL, empty for the default one
     * @param password empty for none
     * @param listeningPort clients' port as the primary is to show it
     * @param announcedIp as the primary is to show it, empty for the connection's
     * @param known the history this node would go on with, empty to ask for everything
     * @param failover whether the primary is asked to step down first
     */
    record Introduction(
            String user,
            String password,
            int listeningPort,
            String announcedIp,
            Optional<Position> known,
            boolean failover) {}

    /**
     * A place in a history.
     *
     * @param offset of the last byte that is known
     */
    record Position(String id, long offset) {}

    /** What came of the handshake. */
    sealed interface Outcome {
        /** The data set follows as an image. The position is that of the image; its ID is empty when the primary told none. */
        record Image(Optional<Position> of) implements Outcome {}

        /** The stream follows from the position asked for; under another ID when there is one. */
        record GoOn(Optional<String> newId) implements Outcome {}

        /** Nothing; the reason is in the log. Another try may succeed. */
        record Failed() implements Outcome {}
    }

    private static final Outcome FAILED = new Outcome.Failed();

    private enum Answer {
        PING,
        AUTH,
        LISTENING_PORT,
        IP_ADDRESS,
        CAPA,
        PSYNC
    }

    Handshake(Introduction introduction, Consumer<byte[]> send, NodeLog log) {
        this.introduction = introduction;
        this.send = send;
        this.log = log;
    }

    /** Says the first word. */
    void begin() {
        say(Answer.PING, "PING");
    }

    /** Whether the primary is asked to hand its role over. */
    boolean isFailover() {
        return introduction.failover();
    }

    /**
     * Takes an answer of the primary.
     *
     * @return null when the handshake goes on
     */
    Outcome answered(String line) {
        Answer to = expected.get(0);
        if (to == Answer.PSYNC) {
            // Empty lines keep the connection alive while the primary gets ready.
            return line.isEmpty() ? null : psyncAnswered(line);
        }
        expected.remove(0);
        switch (to) {
            case PING -> {
                return pingAnswered(line) ? null : FAILED;
            }
            case AUTH -> {
                if (isError(line)) {
                    log.warning("Unable to AUTH to MASTER: " + line);
                    return FAILED;
                }
            }
            case LISTENING_PORT -> tolerate(line, "listening-port");
            case IP_ADDRESS -> tolerate(line, "ip-address");
            default -> {
                tolerate(line, "capa");
                askForStream();
            }
        }
        return null;
    }

    private static boolean isError(String line) {
        return line.startsWith("-");
    }

    private void tolerate(String line, String option) {
        if (isError(line)) {
            log.notice(
                    "(Non critical) Master does not understand REPLCONF " + option + ": " + line);
        }
    }

    private boolean pingAnswered(String line) {
        boolean asksForPassword = line.startsWith("-NOAUTH")
                || line.startsWith("-NOPERM")
                || line.startsWith("-ERR operation not permitted");
        if (!line.startsWith("+") && !asksForPassword) {
            log.warning("Error reply to PING from master: '" + line + "'");
            return false;
        }
        log.notice("Master replied to PING, replication can continue...");
        introduce();
        return true;
    }

    private void introduce() {
        if (!introduction.password().isEmpty()) {
            if (introduction.user().isEmpty()) {
                say(Answer.AUTH, "AUTH", introduction.password());
            } else {
                say(Answer.AUTH, "AUTH", introduction.user(), introduction.password());
            }
        }
        String port = Integer.toString(introduction.listeningPort());
        say(Answer.LISTENING_PORT, "REPLCONF", "listening-port", port);
        if (!introduction.announcedIp().isEmpty()) {
            say(Answer.IP_ADDRESS, "REPLCONF", "ip-address", introduction.announcedIp());
        }
        say(Answer.CAPA, "REPLCONF", "capa", "eof", "capa", "psync2");
    }

    private void askForStream() {
        String id = introduction.known().map(Position::id).orElse("?");
        String from = introduction
                .known()
                .map(known -> Long.toString(known.offset() + 1))
                .orElse("-1");
        log.notice(
                introduction.known().isPresent()
                        ? "Trying a partial resynchronization (request " + id + ":" + from + ")."
                        : "Partial resynchronization not possible (no cached master)");
        if (introduction.failover()) {
            say(Answer.PSYNC, "PSYNC", id, from, "FAILOVER");
        } else {
            say(Answer.PSYNC, "PSYNC", id, from);
        }
    }

    private Outcome psyncAnswered(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("+FULLRESYNC")) {
            return new Outcome.Image(position(words));
        }
        if (words[0].equals("+CONTINUE")) {
            return introduction.known().isPresent() ? goOn(words) : FAILED;
        }
        if (line.startsWith("-NOMASTERLINK") || line.startsWith("-LOADING")) {
            log.notice("Master is currently unable to PSYNC but should be in the future: " + line);
            return FAILED;
        }
        if (introduction.failover()) {
            log.warning("Failover target rejected psync request: " + line);
            return FAILED;
        }
        if (line.startsWith("-ERR")) {
            log.notice("Master does not support PSYNC or is in error state (reply: " + line + ")");
        } else {
            log.warning("Unexpected reply to PSYNC from master: " + line);
        }
        log.notice("Retrying with SYNC...");
        send.accept("SYNC\r\n".getBytes(StandardCharsets.US_ASCII));
        return new Outcome.Image(Optional.empty());
    }

    private Optional<Position> position(String[] words) {
        if (words.length >= 3 && words[1].length() == ID_CHARACTERS) {
            try {
                long offset = Long.parseLong(words[2]);
                if (offset >= 0) {
                    log.notice("Full resync from master: " + words[1] + ":" + offset);
                    return Optional.of(new Position(words[1], offset));
                }
            } catch (NumberFormatException wrongForm) {
                // Told below: the form is wrong either way.
            }
        }
        log.warning("Master replied with wrong +FULLRESYNC syntax.");
        return Optional.empty();
    }

    private Outcome goOn(String[] words) {
        log.notice("Successful partial resynchronization with master.");
        boolean another = words.length > 1
                && words[1].length() == ID_CHARACTERS
                && !words[1].equals(introduction.known().orElseThrow().id());
        if (another) {
            log.notice("Master replication ID changed to " + words[1]);
        }
        return new Outcome.GoOn(another ? Optional.of(words[1]) : Optional.empty());
    }

    private void say(Answer answer, String... words) {
        expected.add(answer);
        send.accept(request(words));
    }

    /** A request as RESP writes it. */
    static byte[] request(String... words) {
        StringBuilder text = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
