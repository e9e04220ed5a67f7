package dev.slotmesh.server.differential;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.server.differential.ServerPair.Answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One program on both servers, from empty databases on. Every reply is compared; then every key is carried from each server to
 * the other by DUMP and RESTORE and read back there.
 */
final class ProgramRun {
    private static final int DATABASES = 3;
    private static final int LONGEST_SHOWN = 600;
    private static final String COPY = "carried:";

    /** Keys whose content is made of the server's time: only what was carried over is compared. */
    private static final Set<String> TIMED = Set.of("clock");

    /** What programs change and would leave to the next one. */
    static final Line DEFAULTS = Line.of(
            "CONFIG",
            "SET",
            "hash-max-listpack-entries",
            "512",
            "hash-max-listpack-value",
            "64",
            "set-max-intset-entries",
            "512",
            "zset-max-listpack-entries",
            "128",
            "zset-max-listpack-value",
            "64",
            "list-max-listpack-size",
            "-2",
            "list-compress-depth",
            "0",
            "stream-node-max-bytes",
            "4096",
            "stream-node-max-entries",
            "100",
            "hll-sparse-max-bytes",
            "3000");

    private final ServerPair servers;

    ProgramRun(ServerPair servers) {
        this.servers = servers;
    }

    /** Returns the first difference, or nothing. */
    Optional<String> differenceIn(Program program) {
        try {
            return firstDifference(program);
        } catch (ServerPair.NoReply silent) {
            return Optional.of(silent.getMessage());
        }
    }

    private Optional<String> firstDifference(Program program) {
        List<Line> lines = new ArrayList<>(List.of(
                Line.of("RESET"),
                DEFAULTS,
                Line.of("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "0"),
                Line.of("FLUSHALL"),
                Line.of("HELLO", Integer.toString(program.protocol()))));
        int first = lines.size();
        lines.addAll(program.lines());
        List<Answer> answers = servers.send(lines);
        for (Answer answer : answers.subList(first, answers.size())) {
            if (!answer.agrees()) {
                return Optional.of(shown(answer));
            }
        }
        servers.send(List.of(Line.of("RESET")));
        for (int database = 0; database < DATABASES; database++) {
            Optional<String> difference = differenceInDatabase(database);
            if (difference.isPresent()) {
                return difference.map(text -> "carried over:\n" + text);
            }
        }
        return Optional.empty();
    }

    private Optional<String> differenceInDatabase(int database) {
        List<Answer> found = servers.send(
                List.of(Line.of("SELECT", Integer.toString(database)), Line.of("KEYS", "*")));
        Answer keys = found.get(1);
        if (!keys.agrees()) {
            return Optional.of(shown(keys));
        }
        List<String> names = new ArrayList<>();
        for (Reply name : ((Reply.Array) ReplyBytes.decode(keys.theirs())).elements()) {
            names.add(text(name));
        }
        return names.isEmpty() ? Optional.empty() : carry(names);
    }

    private Optional<String> carry(List<String> keys) {
        List<Line> questions = new ArrayList<>();
        for (String key : keys) {
            questions.add(Line.of("DUMP", key));
            questions.add(Line.of("TYPE", key));
            questions.add(Line.of("PERSIST", key));
        }
        List<Answer> answers = servers.send(questions);
        List<Line> toOurs = new ArrayList<>();
        List<Line> toTheirs = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Answer dump = answers.get(3 * i);
            Answer type = answers.get(3 * i + 1);
            if (!type.agrees() || !answers.get(3 * i + 2).agrees()) {
                return Optional.of(shown(type));
            }
            String key = keys.get(i);
            toOurs.add(restore(key, dump.theirs()));
            toTheirs.add(restore(key, dump.ours()));
            List<Line> reads = reads(key, type.theirs());
            toOurs.addAll(reads);
            toTheirs.addAll(reads);
        }
        for (Answer answer : servers.send(toOurs, toTheirs)) {
            Optional<String> difference = wrong(answer);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> wrong(Answer answer) {
        boolean right = switch (answer.line().name()) {
            case "RESTORE" -> answer.ours().equals("+OK\r\n") && answer.agrees();
            case "HGETALL" -> answer.agrees(ReplyRule.SAME_PAIRS);
            case "DEBUG" -> isCarried(answer);
            default -> answer.agrees();
        };
        return right ? Optional.empty() : Optional.of(shown(answer));
    }

    /** Whether a key's copy on either side has the digest of the other side's key, and the keys are equal. */
    private static boolean isCarried(Answer answer) {
        List<Reply> ours = ((Reply.Array) ReplyBytes.decode(answer.ours())).elements();
        List<Reply> theirs = ((Reply.Array) ReplyBytes.decode(answer.theirs())).elements();
        boolean equal = TIMED.contains(answer.line().words().get(2)) || answer.agrees();
        return equal && ours.get(0).equals(theirs.get(1)) && ours.get(1).equals(theirs.get(0));
    }

    private static Line restore(String key, String dump) {
        return Line.of("RESTORE", COPY + key, "0", text(ReplyBytes.decode(dump)), "REPLACE");
    }

    private static List<Line> reads(String key, String type) {
        String copy = COPY + key;
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of("DEBUG", "DIGEST-VALUE", key, copy));
        lines.add(Line.of("OBJECT", "ENCODING", copy));
        if (TIMED.contains(key)) {
            return lines;
        }
        lines.add(
                switch (type) {
                    case "+list\r\n" -> Line.of("LRANGE", copy, "0", "-1");
                    case "+set\r\n" -> Line.of("SMEMBERS", copy);
                    case "+zset\r\n" -> Line.of("ZRANGE", copy, "0", "-1", "WITHSCORES");
                    case "+hash\r\n" -> Line.of("HGETALL", copy);
                    case "+stream\r\n" -> Line.of("XRANGE", copy, "-", "+");
                    default -> Line.of("GET", copy);
                });
        if (type.equals("+stream\r\n")) {
            lines.add(Line.of("XINFO", "GROUPS", copy));
        }
        return lines;
    }

    private static String text(Reply bulk) {
        return new String(
                ((Reply.Bulk) bulk).bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String shown(Answer answer) {
        return answer.line() + "\n  slotmesh: " + shown(answer.ours()) + "\n  redis:    "
                + shown(answer.theirs());
    }

    private static String shown(String reply) {
        String quoted = Line.quoted(reply);
        return quoted.length() <= LONGEST_SHOWN
                ? quoted
                : quoted.substring(0, LONGEST_SHOWN) + "... (" + reply.length() + " bytes)";
    }
}
