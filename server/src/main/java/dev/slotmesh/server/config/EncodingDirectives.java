package dev.slotmesh.server.config;

import java.util.List;

/** Where small collections end and large ones begin. */
public final class EncodingDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<Long> HASH_MAX_LISTPACK_ENTRIES = TABLE.integer(
            "hash-max-listpack-entries|hash-max-ziplist-entries", 0, Long.MAX_VALUE, 512);

    public static final Directive<Long> HASH_MAX_LISTPACK_VALUE =
            TABLE.memory("hash-max-listpack-value|hash-max-ziplist-value", 0, Long.MAX_VALUE, 64);

    public static final Directive<Long> LIST_MAX_LISTPACK_SIZE = TABLE.integer(
            "list-max-listpack-size|list-max-ziplist-size",
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            -2);

    public static final Directive<Long> LIST_COMPRESS_DEPTH =
            TABLE.integer("list-compress-depth", 0, Integer.MAX_VALUE, 0);

    public static final Directive<Long> SET_MAX_INTSET_ENTRIES =
            TABLE.integer("set-max-intset-entries", 0, Long.MAX_VALUE, 512);

    public static final Directive<Long> ZSET_MAX_LISTPACK_ENTRIES = TABLE.integer(
            "zset-max-listpack-entries|zset-max-ziplist-entries", 0, Long.MAX_VALUE, 128);

    public static final Directive<Long> ZSET_MAX_LISTPACK_VALUE =
            TABLE.memory("zset-max-listpack-value|zset-max-ziplist-value", 0, Long.MAX_VALUE, 64);

    public static final Directive<Long> HLL_SPARSE_MAX_BYTES =
            TABLE.memory("hll-sparse-max-bytes", 0, Long.MAX_VALUE, 3000);

    public static final Directive<Long> STREAM_NODE_MAX_BYTES =
            TABLE.memory("stream-node-max-bytes", 0, Long.MAX_VALUE, 4096);

    public static final Directive<Long> STREAM_NODE_MAX_ENTRIES =
            TABLE.integer("stream-node-max-entries", 0, Long.MAX_VALUE, 100);

    private EncodingDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
