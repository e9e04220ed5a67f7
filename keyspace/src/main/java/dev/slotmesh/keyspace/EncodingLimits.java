package dev.slotmesh.keyspace;

/**
 * Up to where values stay in their compact encodings, under the names and with the defaults of Redis 7.0. Applied by the
 * writes that follow a change; nothing is converted by the change itself.
 *
 * @param hashEntries fields of a listpack hash, 0 or more (hash-max-listpack-entries)
 * @param hashValueBytes longest field or value of a listpack hash (hash-max-listpack-value)
 * @param intsetEntries members of an intset (set-max-intset-entries)
 * @param zsetEntries members of a listpack sorted set (zset-max-listpack-entries)
 * @param zsetValueBytes longest member of a listpack sorted set (zset-max-listpack-value)
 * @param listNodeSize above 0: elements of a list's node; -1 to -5: 4, 8, 16, 32 or 64 KiB (list-max-listpack-size)
 * @param listCompressDepth nodes at either end that are not compressed, 0: none is (list-compress-depth)
 * @param streamNodeBytes bytes of a stream's node, 0: no limit (stream-node-max-bytes)
 * @param streamNodeEntries entries of a stream's node, 0: no limit (stream-node-max-entries)
 * @param hllSparseBytes bytes of a sparse HyperLogLog (hll-sparse-max-bytes)
 */
public record EncodingLimits(
        int hashEntries,
        int hashValueBytes,
        int intsetEntries,
        int zsetEntries,
        int zsetValueBytes,
        int listNodeSize,
        int listCompressDepth,
        int streamNodeBytes,
        int streamNodeEntries,
        int hllSparseBytes) {
    public static final EncodingLimits DEFAULT =
            new EncodingLimits(512, 64, 512, 128, 64, -2, 0, 4096, 100, 3000);
}
