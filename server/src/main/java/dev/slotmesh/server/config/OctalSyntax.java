package dev.slotmesh.server.config;

import java.util.List;

/** Permission bits in octal; an empty word is 0. */
final class OctalSyntax implements Syntax<Long> {
    private static final int LONGEST = 20;

    private final long most;

    OctalSyntax(long most) {
        this.most = most;
    }

    @Override
    public Parsed<Long> parse(List<String> words, Long current) {
        if (words.size() != 1) {
            return Parsed.refused(Refusals.WRONG_NUMBER);
        }
        String digits = words.get(0);
        if (digits.length() > LONGEST || !digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
            return Parsed.refused("argument couldn't be parsed as an octal number");
        }
        long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        if (value > most) {
            return Parsed.refused(
                    "argument must be between 0 and " + Long.toOctalString(most) + " inclusive");
        }
        return Parsed.of(value);
    }

    @Override
    public String format(Long value) {
        return Long.toOctalString(value);
    }
}
