package dev.slotmesh.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.resp.Reply;
import dev.slotmesh.resp.ReplyDecoder;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.resp.Request;
import dev.slotmesh.resp.RequestDecoder;
import dev.slotmesh.resp.RequestEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A table in which every described command of Redis 7.0 is bound to its own name, and what the COMMAND family answers from it.
 */
public final class AllCommands {
    /** The one list of commands that 7.0 does not have: nothing of a 7.0 server is compared with them. */
    public static final List<String> ADDITIONS = List.of(
            "client|ack-writes",
            "cluster|cancelslotmigrations",
            "cluster|getslotmigrations",
            "cluster|migrateslots",
            "cluster|slot-stats",
            "cluster|syncslots",
            "hexpire",
            "hexpireat",
            "hexpiretime",
            "hgetdel",
            "hgetex",
            "hpersist",
            "hpexpire",
            "hpexpireat",
            "hpexpiretime",
            "hpttl",
            "hsetex",
            "httl");

    static final CommandTable<String> TABLE = tableOf(names());

    private static final CommandIntrospection INTROSPECTION = new CommandIntrospection(TABLE);

    private AllCommands() {}

    /** The names of all described commands but the {@link #ADDITIONS}. */
    static List<String> names() {
        return CommandTable.describedNames().stream()
                .filter(name -> !ADDITIONS.contains(name))
                .toList();
    }

    static CommandTable<String> tableOf(Collection<String> names) {
        return CommandTable.build(
                names.stream().map(name -> new BoundCommand<>(name, name)).toList());
    }

    /** A request of these words, decoded from the bytes a client would send. */
    static Request request(String... words) {
        ByteBuf bytes = Unpooled.buffer();
        byte[][] arguments = Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
        new RequestEncoder(bytes).request(arguments);
        Request request = new Request();
        assertThat(new RequestDecoder().decode(bytes, request))
                .isEqualTo(RequestDecoder.Outcome.REQUEST);
        return request;
    }

    /** The bytes that COMMAND answers in a protocol version, one character per byte. */
    static String call(int protocol, String... words) {
        Request request = request(words);
        ByteBuf out = Unpooled.buffer();
        ReplyEncoder reply = new ReplyEncoder(out, protocol);
        switch (words.length == 1 ? "" : words[1]) {
            case "" -> INTROSPECTION.command(request, reply);
            case "COUNT" -> INTROSPECTION.count(request, reply);
            case "INFO" -> INTROSPECTION.info(request, reply);
            case "DOCS" -> INTROSPECTION.docs(request, reply);
            case "LIST" -> INTROSPECTION.list(request, reply);
            case "GETKEYS" -> INTROSPECTION.getKeys(request, reply);
            case "GETKEYSANDFLAGS" -> INTROSPECTION.getKeysAndFlags(request, reply);
            case "HELP" -> INTROSPECTION.help(request, reply);
            default -> throw new IllegalArgumentException(words[1]);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** The one reply that these bytes are. */
    static Reply decode(String bytes) {
        ByteBuf in = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
        ReplyDecoder decoder = new ReplyDecoder();
        assertThat(decoder.decode(in)).isEqualTo(ReplyDecoder.Outcome.REPLY);
        assertThat(in.isReadable()).isFalse();
        return decoder.reply();
    }
}
