package dev.slotmesh.keyspace.rdb;

import java.util.Map;

/**
 * What was in a file that has been loaded.
 *
 * @param version of the format
 * @param aux what the file tells of itself, in the file's order
 * @param libraries how many libraries of functions there were
 * @param keys stored
 * @param expiredKeys left out because their time had passed
 * @param emptyKeys left out because nothing was in them
 * @param bytes of the file, its checksum included
 */
public record RdbFileSummary(
        int version,
        Map<String, String> aux,
        int libraries,
        long keys,
        long expiredKeys,
        long emptyKeys,
        long bytes) {}
