package dev.slotmesh.server.replication;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.ReplicaTraits;
import dev.slotmesh.server.session.ReplicaTraits.Trait;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/** REPLCONF: what a replica says of itself, and what it has received. */
final class ReplconfCommand {
    private static final int LONGEST_ADDRESS = 255;
    private static final String FUNCTIONS = "functions";

    private static final ErrorReply NOT_A_FLAG =
            new ErrorReply("ERR value is out of range, value must between 0 and 1");
    private static final ErrorReply BAD_FILTER =
            new ErrorReply("ERR Missing rdb-filter-only values");

    private final Replicas replicas;
    private final Failover failover;

    ReplconfCommand(Replicas replicas, Failover failover) {
        this.replicas = replicas;
        this.failover = failover;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("replconf", this::replconf);
    }

    private void replconf(Call call) {
        if (call.count() % 2 == 0) {
            throw ErrorReply.SYNTAX;
        }
        for (int option = 1; option < call.count(); option += 2) {
            if (call.is(option, "ACK")) {
                acknowledge(call, option + 1);
                return;
            }
            if (call.is(option, "GETACK")) {
                if (call.session().isPrimary()) {
                    call.session().primary().acknowledge();
                }
                return;
            }
            set(call, option, option + 1);
        }
        call.reply().ok();
    }

    private void set(Call call, int option, int value) {
        ReplicaTraits known = call.client().replicaTraits();
        ReplicaTraits said;
        if (call.is(option, "LISTENING-PORT")) {
            said = known.withPort((int) call.integer(value));
        } else if (call.is(option, "IP-ADDRESS")) {
            said = known.withAddress(address(call, value));
        } else if (call.is(option, "CAPA")) {
            said = capability(call, value, known);
        } else if (call.is(option, "RDB-ONLY")) {
            said = known.with(Trait.SNAPSHOT_ONLY, flag(call, value));
        } else if (call.is(option, "RDB-FILTER-ONLY")) {
            checkFilter(call, value);
            said = known.with(Trait.WITHOUT_KEYS, true);
        } else {
            throw new ErrorReply("ERR Unrecognized REPLCONF option: " + call.text(option));
        }
        call.client().replicaTraits(said);
    }

    private static String address(Call call, int value) {
        if (call.length(value) > LONGEST_ADDRESS) {
            throw new ErrorReply(
                    "ERR REPLCONF ip-address provided by replica instance is too long: "
                            + call.length(value) + " bytes");
        }
        return call.text(value);
    }

    /** Capabilities that are not known change nothing. */
    private static ReplicaTraits capability(Call call, int value, ReplicaTraits known) {
        if (call.is(value, "EOF")) {
            return known.with(Trait.END_MARK, true);
        }
        return call.is(value, "PSYNC2") ? known.with(Trait.NEW_HISTORY, true) : known;
    }

    private static boolean flag(Call call, int value) {
        long number = call.integer(value);
        if (number != 0 && number != 1) {
            throw NOT_A_FLAG;
        }
        return number == 1;
    }

    /** The words of what is wanted besides keys; there is nothing yet but functions, of which there are none. */
    private static void checkFilter(Call call, int value) {
        ByteBuf words = Unpooled.wrappedBuffer(call.bytes(value));
        for (String word : words(words)) {
            if (!word.equalsIgnoreCase(FUNCTIONS)) {
                throw new ErrorReply("ERR Unsupported rdb-filter-only option: " + word);
            }
        }
    }

    private static String[] words(ByteBuf text) {
        String all = text.toString(StandardCharsets.ISO_8859_1).strip();
        if (all.indexOf('"') >= 0 || all.indexOf('\'') >= 0) {
            throw BAD_FILTER;
        }
        return all.isEmpty() ? new String[0] : all.split("\\s+");
    }

    private void acknowledge(Call call, int value) {
        Replica replica = replicas.of(call.session());
        if (replica != null && call.span(value).isLong()) {
            long offset = call.span(value).parseLong();
            replica.acknowledge(offset);
            replicas.acknowledgements().acknowledged(offset);
            failover.review(call.nowMs());
        }
    }
}
