package dev.slotmesh.server.config;

import java.util.List;

/** {@code yes} or {@code no}, in either case. */
final class FlagSyntax implements Syntax<Boolean> {
    @Override
    public Parsed<Boolean> parse(List<String> words, Boolean current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        if (words.get(0).equalsIgnoreCase("yes")) {
            return Parsed.of(true);
        }
        if (words.get(0).equalsIgnoreCase("no")) {
            return Parsed.of(false);
        }
        return Parsed.refused("argument must be 'yes' or 'no'");
    }

    @Override
    public String format(Boolean value) {
        return value ? "yes" : "no";
    }
}
