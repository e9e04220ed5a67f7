package dev.slotmesh.server.reshard;

import dev.slotmesh.resp.Reply;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A map as RESP2 has it, an array of names and values by turns. */
final class ReplyFields {
    private final Map<String, Reply> values = new HashMap<>();
    private final NodeConnection from;
    private final Reply reply;

    /** @throws ReshardFailure when it is no array; a name without a value at its end is not looked at */
    ReplyFields(Reply reply, NodeConnection from) throws ReshardFailure {
        this.from = from;
        this.reply = reply;
        List<Reply> elements = elements(reply, from);
        for (int at = 0; at + 1 < elements.size(); at += 2) {
            if (elements.get(at) instanceof Reply.Bulk name) {
                values.put(name.text(), elements.get(at + 1));
            }
        }
    }

    /** The elements of an array. */
    static List<Reply> elements(Reply reply, NodeConnection from) throws ReshardFailure {
        if (reply instanceof Reply.Array array) {
            return array.elements();
        }
        throw unexpected(reply, from);
    }

    /** The value of a whole number that is not negative. */
    static long number(Reply reply, NodeConnection from) throws ReshardFailure {
        if (reply instanceof Reply.Integer integer && integer.value() >= 0) {
            return integer.value();
        }
        throw unexpected(reply, from);
    }

    private static ReshardFailure unexpected(Reply reply, NodeConnection from) {
        return new ReshardFailure(from.address() + " answers what nobody has asked for: " + reply);
    }

    /** A number that may be missing. */
    Optional<Long> number(String name) throws ReshardFailure {
        Reply value = values.get(name);
        return value == null ? Optional.empty() : Optional.of(number(value, from));
    }

    /** A text that must be there. */
    String text(String name) throws ReshardFailure {
        if (values.get(name) instanceof Reply.Bulk bulk) {
            return bulk.text();
        }
        throw unexpected(reply, from);
    }
}
