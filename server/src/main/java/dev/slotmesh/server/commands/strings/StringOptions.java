package dev.slotmesh.server.commands.strings;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/**
 * The options behind SET's value or GETEX's key. Words may be repeated, the last time counts; different words that
 * contradict each other are a syntax error.
 *
 * @param expiry which word about the deadline was given
 * @param timeArgument the argument with its time, 0 when it has none
 * @param onlyIfAbsent NX
 * @param onlyIfPresent XX
 * @param returnOld GET
 */
record StringOptions(
        ExpiryOption expiry,
        int timeArgument,
        boolean onlyIfAbsent,
        boolean onlyIfPresent,
        boolean returnOld) {

    /** Which command's words are understood. */
    enum Words {
        SET,
        GETEX
    }

    /**
     * Reads the options from argument {@code first} on.
     *
     * @throws ErrorReply {@code syntax error}
     */
    static StringOptions parse(Call call, int first, Words words) {
        ExpiryOption expiry = ExpiryOption.NONE;
        int timeArgument = 0;
        boolean absent = false;
        boolean present = false;
        boolean old = false;
        for (int i = first; i < call.count(); i++) {
            ExpiryOption word = expiryWord(call, i, words);
            if (word != ExpiryOption.NONE) {
                if (expiry != ExpiryOption.NONE && expiry != word) {
                    throw ErrorReply.SYNTAX;
                }
                expiry = word;
                timeArgument = word.hasTime() ? ++i : 0;
            } else if (words == Words.SET && !present && call.is(i, "NX")) {
                absent = true;
            } else if (words == Words.SET && !absent && call.is(i, "XX")) {
                present = true;
            } else if (words == Words.SET && call.is(i, "GET")) {
                old = true;
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        return new StringOptions(expiry, timeArgument, absent, present, old);
    }

    private static ExpiryOption expiryWord(Call call, int i, Words words) {
        if (words == Words.SET ? call.is(i, "KEEPTTL") : call.is(i, "PERSIST")) {
            return words == Words.SET ? ExpiryOption.KEEPTTL : ExpiryOption.PERSIST;
        }
        if (i + 1 == call.count()) {
            return ExpiryOption.NONE;
        }
        if (call.is(i, "EX")) {
            return ExpiryOption.EX;
        }
        if (call.is(i, "PX")) {
            return ExpiryOption.PX;
        }
        if (call.is(i, "EXAT")) {
            return ExpiryOption.EXAT;
        }
        return call.is(i, "PXAT") ? ExpiryOption.PXAT : ExpiryOption.NONE;
    }
}
