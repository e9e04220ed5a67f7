package dev.slotmesh.server.differential;

import java.util.List;
import java.util.function.Function;

/** The bitmap commands. */
final class BitmapGroup implements CommandGroup {
    private static final List<Function<Words, Line>> LINES = List.of(
            words -> Line.of("SETBIT", words.key(), words.writtenBit(), bit(words)),
            words -> Line.of("SETBIT", "bits", words.writtenBit(), bit(words)),
            words -> Line.of("GETBIT", words.key(), readBit(words)),
            BitmapGroup::bitCount,
            BitmapGroup::bitCount,
            BitmapGroup::bitPosition,
            BitmapGroup::bitPosition,
            BitmapGroup::fill,
            BitmapGroup::bitOperation,
            words -> bitField(words, "BITFIELD"),
            words -> bitField(words, "BITFIELD"),
            words -> bitField(words, "BITFIELD_RO"));

    @Override
    public List<Line> next(Words words) {
        return List.of(words.line(LINES));
    }

    private static String bit(Words words) {
        return words.onceIn(12) ? words.pick("2", "-1", "x", "") : words.pick("0", "1");
    }

    private static String readBit(Words words) {
        return words.onceIn(10) ? "4294967295" : words.writtenBit();
    }

    private static Line bitCount(Words words) {
        LineBuilder line = new LineBuilder(words, "BITCOUNT").add(words.key());
        if (!words.onceIn(4)) {
            line.add(words.index(), words.index()).maybe(3, "BYTE").maybe(2, "BIT");
        }
        return line.line();
    }

    private static Line bitPosition(Words words) {
        LineBuilder line = new LineBuilder(words, "BITPOS").add(words.key(), bit(words));
        int given = words.below(4);
        if (given > 0) {
            line.add(words.index());
        }
        if (given > 1) {
            line.add(words.index());
        }
        return given > 2 ? line.maybe(3, "BYTE").maybe(2, "BIT").line() : line.line();
    }

    /** All ones or all zeros, where a search must go to the very end. */
    private static Line fill(Words words) {
        String pattern = words.pick("\u00ff", "\u0000");
        return Line.of("SET", words.key(), pattern.repeat(words.below(40)));
    }

    private static Line bitOperation(Words words) {
        return new LineBuilder(words, "BITOP")
                .add(words.option(words.pick("AND", "OR", "XOR", "NOT", "NAND")))
                .add(words.key())
                .addAll(words.keys(words.onceIn(2) ? 1 : 4))
                .line();
    }

    private static Line bitField(Words words, String command) {
        LineBuilder line = new LineBuilder(words, command).add(words.key());
        int steps = words.below(4);
        for (int i = 0; i < steps; i++) {
            line.maybe(3, "OVERFLOW", words.option(words.pick("WRAP", "SAT", "FAIL", "SAT")));
            boolean reads = command.endsWith("_RO") ? !words.onceIn(12) : words.onceIn(3);
            line.add(words.option(reads ? "GET" : words.pick("SET", "INCRBY")));
            line.add(
                    fieldType(words), words.onceIn(4) ? "#" + words.below(12) : words.writtenBit());
            if (!reads) {
                line.add(words.integer());
            }
        }
        return line.line();
    }

    private static String fieldType(Words words) {
        if (words.onceIn(25)) {
            return words.pick("u64", "i65", "u0", "x8", "", "u", "I8", "i-1", "u08");
        }
        return words.pick("i", "u") + (1 + words.below(63));
    }
}
