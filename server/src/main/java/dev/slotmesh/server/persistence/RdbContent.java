package dev.slotmesh.server.persistence;

import dev.slotmesh.keyspace.rdb.RdbForm;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.MemoryDirectives;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.config.RedisVersion;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What all RDB images of a node have in common, whatever they are for: the form of their keys, and what their head tells. */
public final class RdbContent {
    private RdbContent() {}

    /** The form that the configuration wants now. */
    public static RdbForm form(Configuration configuration) {
        return new RdbForm(
                configuration.get(PersistenceDirectives.RDBCOMPRESSION),
                configuration.get(MemoryDirectives.MAXMEMORY_POLICY).ordersByAccess());
    }

    /**
     * What an image tells of itself, in Redis's order.
     *
     * @param usedBytes memory the data set takes here
     * @param replication what it tells of the replication stream, by the names of its fields
     * @param aofBase whether it is the base of an append-only file
     */
    public static Map<String, String> head(
            long usedBytes, Map<String, String> replication, boolean aofBase) {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("redis-ver", RedisVersion.NUMBER);
        head.put("redis-bits", "64");
        head.put(
                "ctime",
                Long.toString(TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis())));
        head.put("used-mem", Long.toString(usedBytes));
        head.putAll(replication);
        head.put("aof-base", aofBase ? "1" : "0");
        return head;
    }
}
