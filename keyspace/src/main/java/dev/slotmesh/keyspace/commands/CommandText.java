package dev.slotmesh.keyspace.commands;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.RdbWriter;

/**
 * Writes commands as RESP arrays: {@code *2 CR LF $3 CR LF GET CR LF ..}. The caller writes as many arguments as it has
 * announced. One call's own.
 */
final class CommandText {
    private final RdbWriter out;

    CommandText(RdbWriter out) {
        this.out = out;
    }

    /** Begins a command of so many arguments, its name included; the name follows. */
    CommandText command(long arguments, String name) {
        out.writeByte('*');
        number(arguments);
        end();
        return word(name);
    }

    /** An argument of ASCII. */
    CommandText word(String text) {
        length(text.length());
        ascii(text);
        return end();
    }

    /** An argument of any bytes. */
    CommandText bytes(ByteSpan text) {
        length(text.length());
        out.writeRaw(text.address(), text.length());
        return end();
    }

    /** A signed number as an argument. */
    CommandText integer(long number) {
        return word(Long.toString(number));
    }

    /** An ID of a stream as an argument. */
    CommandText id(long ms, long seq) {
        return word(Long.toUnsignedString(ms) + "-" + Long.toUnsignedString(seq));
    }

    private void length(int bytes) {
        out.writeByte('$');
        number(bytes);
        end();
    }

    private void number(long number) {
        if (number < 10) {
            out.writeByte((int) ('0' + number));
        } else {
            ascii(Long.toString(number));
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            out.writeByte(text.charAt(i));
        }
    }

    private CommandText end() {
        out.writeByte('\r');
        out.writeByte('\n');
        return this;
    }
}
