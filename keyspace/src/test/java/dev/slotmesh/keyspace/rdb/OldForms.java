package dev.slotmesh.keyspace.rdb;

import java.util.List;

/** Files with every form of value that no server of today writes, and those of servers newer than Redis 7.0. */
final class OldForms {
    static final long NOW = 1_700_000_000_000L;
    /** In 2038, the last year that a deadline in seconds can tell. */
    static final long LATER = 2_147_000_000_000L;

    private OldForms() {}

    /** What Redis up to 7.0 could have written, all of which it still reads. */
    static byte[] upTo10(String signature) {
        RdbBytes file = RdbBytes.file(signature);
        file.u8(0xFE).length(0);
        file.key(0, "string").string("text");
        file.key(0, "integer").u8(0xC1).little(-1234, 2);
        file.u8(0xFD).little(LATER / 1000, 4).key(0, "seconds").string("v");
        file.u8(0xFC).little(LATER, 8).key(0, "milliseconds").string("v");
        file.key(1, "list").length(3).string("a").u8(0xC0).u8(7).string("x".repeat(100));
        file.key(2, "set").length(3).string("a").string("b").u8(0xC0).u8(5);
        file.key(3, "zset1").length(5).string("a").string("1.5").string("b").u8(254);
        file.string("c").u8(255).string("d").string("-0").string("e").string("1e300");
        file.key(4, "hash")
                .length(2)
                .string("f")
                .string("v")
                .string("g")
                .u8(0xC0)
                .u8(9);
        file.key(9, "zipmap").string(RdbBytes.zipmap("f", "v", "long", "y".repeat(300)));
        file.key(10, "ziplist").string(ziplist(20_000));
        file.key(11, "intset16").string(RdbBytes.intset(2, List.of(-5L, 0L, 7L)));
        file.key(11, "intset64").string(RdbBytes.intset(8, List.of(-5L, 1L << 40)));
        file.key(12, "zsetziplist")
                .string(RdbBytes.ziplist("neg", -1L, "one", 1L, "half", "1.5", "inf", "inf"));
        file.key(13, "hashziplist").string(RdbBytes.ziplist("f", "v", "n", 70_000L, 5L, "five"));
        file.key(14, "quicklist").length(2).string(ziplist(5_000));
        file.string(RdbBytes.ziplist("tail"));
        if (signature.compareTo("REDIS0007") >= 0) {
            file.u8(0xFE).length(3).u8(0xFB).length(3).length(0);
            file.u8(0xFA).string("an-unknown-name").string("value");
            file.key(5, "zset2").length(2).string("a").raw(RdbBytes.doubleBits(2.5));
            file.string("b").raw(RdbBytes.doubleBits(Double.POSITIVE_INFINITY));
            file.u8(0xF8).length(100).key(0, "idle").string("v");
            file.u8(0xF9).u8(200).key(0, "frequent").string("v");
            file.key(15, "stream1");
            stream(file, 15);
        }
        if (signature.equals("REDIS0010")) {
            file.key(16, "hashlistpack").string(RdbBytes.listpack("f", "v", "n", 5L));
            file.key(17, "zsetlistpack").string(RdbBytes.listpack("m", 1L, "n", 2L));
            file.key(18, "quicklist2").length(2).length(1).string("plain");
            file.length(2).string(RdbBytes.listpack("a", 5L));
            file.key(19, "stream2");
            stream(file, 19);
        }
        return file.end();
    }

    /** @param longest length of its longest element */
    private static byte[] ziplist(int longest) {
        return RdbBytes.ziplist(
                "a",
                0L,
                12L,
                13L,
                -100L,
                1000L,
                -70_000L,
                1L << 30,
                1L << 50,
                "z".repeat(100),
                "w".repeat(longest),
                "after",
                -1L);
    }

    /** What Redis 7.2 and 7.4 write and 7.0 cannot read. */
    static byte[] of12() {
        RdbBytes file = RdbBytes.file("REDIS0012");
        file.u8(0xFE).length(0).u8(0xF4).length(866).length(1).length(0);
        file.key(20, "setlistpack").string(RdbBytes.listpack("a", 5L, "b"));
        file.key(21, "stream3");
        stream(file, 21);
        file.key(22, "prega").length(2).length(LATER).string("f").string("v");
        file.length(0).string("g").string("w");
        file.key(23, "pregalistpack").string(RdbBytes.listpack("f", "v", LATER, "g", "w", 0L));
        file.key(24, "metadata")
                .little(LATER, 8)
                .length(3)
                .length(1)
                .string("f")
                .string("v");
        file.length(1001).string("h").string("x").length(0).string("g").string("w");
        file.key(25, "listpackex").little(LATER, 8);
        file.string(RdbBytes.listpack("f", "v", LATER, "g", "w", 0L));
        return file.end();
    }

    /** What Valkey 9 writes. */
    static byte[] ofValkey() {
        RdbBytes file = RdbBytes.file("VALKEY080");
        file.u8(0xFA).string("valkey-ver").string("9.0.0").u8(0xFE).length(0);
        file.u8(0xF4).length(866).length(1).length(0);
        file.key(22, "hash2").length(2).string("f").string("v").little(LATER, 8);
        file.string("g").string("w").little(-1, 8);
        return file.end();
    }

    /** What only this project writes: deadlines of fields, alive and past, in two texts before their hash. */
    static byte[] ofSlotmesh() {
        RdbBytes file = RdbBytes.file("REDIS0010");
        file.u8(0xFE).length(0).u8(0xFB).length(2).length(1);
        for (int key = 0; key < 3; key++) {
            for (int text = 0; text < 2; text++) {
                RdbBytes words = new RdbBytes().u8(0);
                words.little(LATER + text, 6).little(0, 2);
                words.little(NOW - 1, 6).little(1, 2);
                file.u8(0xFA).string("slotmesh-field-deadlines").string(words.bytes());
            }
            file.u8(0xFC).little(LATER, 8).key(4, "hash" + key).length(8);
            for (int field = 0; field < 8; field++) {
                file.string("field" + field).u8(0xC0).u8(field);
            }
        }
        return file.end();
    }

    /** A stream of 1-0 to 4-0, of which 2-0 was deleted, with a group that has two entries pending. */
    private static void stream(RdbBytes file, int type) {
        byte[] nodeId = new RdbBytes().big(1, 8).big(0, 8).bytes();
        file.length(1).string(nodeId).string(node());
        file.length(3).length(4).length(0);
        if (type >= 19) {
            file.length(1).length(0).length(2).length(0).length(4);
        }
        file.length(1).string("group").length(3).length(0);
        if (type >= 19) {
            file.length(3);
        }
        file.length(2);
        for (int id : new int[] {1, 3}) {
            file.big(id, 8).big(0, 8).little(NOW, 8).length(1);
        }
        file.length(1).string("consumer").little(NOW, 8);
        if (type >= 21) {
            file.little(NOW, 8);
        }
        file.length(2);
        for (int id : new int[] {1, 3}) {
            file.big(id, 8).big(0, 8);
        }
    }

    /** Master entry: 3 valid, 1 deleted, one field; then entries with the same field (flag 2, 3 deleted), sequence by difference. */
    private static byte[] node() {
        return RdbBytes.listpack(
                3L, 1L, 1L, "f", 0L, 2L, 0L, 0L, "v1", 4L, 3L, 1L, 0L, "v2", 4L, 2L, 2L, 0L, "v3",
                4L, 2L, 3L, 0L, "v4", 4L);
    }
}
