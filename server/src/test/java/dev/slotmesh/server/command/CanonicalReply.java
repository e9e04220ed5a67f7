package dev.slotmesh.server.command;

import dev.slotmesh.resp.Reply;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A reply of the COMMAND family as text that is equal for equal content: what has no order is sorted, and what people read is
 * left out (summary, history, notes) or cut to the formula (complexity), since those words are our own.
 */
final class CanonicalReply {
    private static final Set<String> PROSE = Set.of("summary", "history", "notes");
    private static final Pattern FORMULA = Pattern.compile("O\\((?:[^()]|\\([^()]*\\))*\\)");
    private static final int SUBCOMMANDS = 9;

    private CanonicalReply() {}

    static String of(Reply reply) {
        if (reply instanceof Reply.Map map) {
            List<Reply> flat = new ArrayList<>();
            map.pairs().forEach(pair -> flat.addAll(List.of(pair.key(), pair.value())));
            return "%" + fields(flat);
        }
        if (reply instanceof Reply.Set set) {
            return "~"
                    + set.elements().stream().map(CanonicalReply::of).sorted().toList();
        }
        if (reply instanceof Reply.Array array) {
            return "*" + array(array.elements());
        }
        return reply.toString();
    }

    /** A list of names without its order. */
    static List<String> sorted(Reply reply) {
        return ((Reply.Array) reply)
                .elements().stream()
                        .map(name -> ((Reply.Bulk) name).text())
                        .sorted()
                        .toList();
    }

    private static String array(List<Reply> elements) {
        boolean isCommand =
                elements.size() == SUBCOMMANDS + 1 && elements.get(1) instanceof Reply.Integer;
        if (isCommand && elements.get(SUBCOMMANDS) instanceof Reply.Array subcommands) {
            String inner = subcommands.elements().stream()
                    .map(CanonicalReply::of)
                    .sorted()
                    .collect(Collectors.joining(","));
            return elements.subList(0, SUBCOMMANDS).stream()
                            .map(CanonicalReply::of)
                            .toList()
                    + inner;
        }
        if (elements.size() % 2 == 0
                && !elements.isEmpty()
                && PROSE.contains(text(elements.get(0)))) {
            return fields(elements);
        }
        return elements.stream().map(CanonicalReply::of).toList().toString();
    }

    /** Keys and values by turns, in their order. */
    private static String fields(List<Reply> flat) {
        StringBuilder out = new StringBuilder("{");
        for (Iterator<Reply> each = flat.iterator(); each.hasNext(); ) {
            String key = text(each.next());
            Reply value = each.next();
            if (!PROSE.contains(key)) {
                out.append(key).append('=').append(value(key, value)).append("; ");
            }
        }
        return out.append('}').toString();
    }

    private static String value(String key, Reply value) {
        if (key.equals("complexity")) {
            Matcher formula = FORMULA.matcher(text(value));
            return formula.find() ? formula.group() : "none";
        }
        return key.equals("subcommands") ? subcommands(value) : of(value);
    }

    private static String subcommands(Reply value) {
        List<String> each = new ArrayList<>();
        if (value instanceof Reply.Map map) {
            map.pairs().forEach(pair -> each.add(text(pair.key()) + of(pair.value())));
        } else {
            List<Reply> flat = ((Reply.Array) value).elements();
            for (int i = 0; i < flat.size(); i += 2) {
                each.add(text(flat.get(i)) + of(flat.get(i + 1)));
            }
        }
        return each.stream().sorted().toList().toString();
    }

    private static String text(Reply reply) {
        return reply instanceof Reply.Bulk bulk ? bulk.text() : "";
    }
}
