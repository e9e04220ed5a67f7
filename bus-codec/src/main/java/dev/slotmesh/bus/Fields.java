package dev.slotmesh.bus;

/** Range checks of record components against the width of their wire fields. */
final class Fields {
    private Fields() {}

    static void checkU16(String name, int value) {
        checkRange(name, value, 0xffff);
    }

    static void checkU32(String name, long value) {
        checkRange(name, value, 0xffff_ffffL);
    }

    static void checkRange(String name, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " out of range 0.." + max + ": " + value);
        }
    }

    /** Text that one byte per character and NUL padding can carry. */
    static void checkText(String name, String text, int maxLength) {
        if (text.length() > maxLength) {
            throw new IllegalArgumentException(
                    name + " longer than " + maxLength + " characters: " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c > 0xff) {
                throw new IllegalArgumentException(
                        name + " holds a character outside 1..255 at " + i);
            }
        }
    }
}
