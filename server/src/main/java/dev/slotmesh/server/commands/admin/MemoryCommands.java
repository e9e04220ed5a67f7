package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.resp.ReplyEncoder;
import dev.slotmesh.server.report.MemoryFigures;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.HelpReply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** MEMORY STATS, DOCTOR, MALLOC-STATS, PURGE and HELP: memory of the node as a whole. */
public final class MemoryCommands {
    private static final int FIELDS = 27;
    private static final int FIELDS_OF_DATABASE = 3;
    private static final int DEADLINE_BYTES = 8;
    private static final double PERCENT = 100;

    private final Supplier<MemoryFigures> figures;
    private final Runnable purge;

    /** @param purge has the background free what waits for it, and give free memory back */
    public MemoryCommands(Supplier<MemoryFigures> figures, Runnable purge) {
        this.figures = figures;
        this.purge = purge;
    }

    /** Binds the subcommands. */
    public void bind(CommandBindings bindings) {
        bindings.bind("memory|stats", this::stats)
                .bind("memory|doctor", this::doctor)
                .bind("memory|malloc-stats", this::allocator)
                .bind("memory|purge", this::purge)
                .bind("memory|help", this::help);
    }

    /** The field names, their order and the types of their values are Redis's. */
    private void stats(Call call) {
        MemoryFigures now = figures.get();
        List<Database> filled = filledDatabases(call);
        ReplyEncoder reply = call.reply();
        reply.map(FIELDS + filled.size());
        field(reply, "peak.allocated", now.peakBytes());
        field(reply, "total.allocated", now.usedBytes());
        field(reply, "startup.allocated", 0);
        field(reply, "replication.backlog", 0);
        field(reply, "clients.slaves", 0);
        field(reply, "clients.normal", now.clientBytes());
        field(reply, "cluster.links", now.linkBytes());
        field(reply, "aof.buffer", 0);
        field(reply, "lua.caches", 0);
        field(reply, "functions.caches", 0);
        long keys = 0;
        for (Database database : filled) {
            keys += database.keyCount();
        }
        for (Database database : filled) {
            indexOf(reply, database, (double) now.arena().indexBytes() / keys);
        }
        field(reply, "overhead.total", now.overheadBytes());
        field(reply, "keys.count", keys);
        field(reply, "keys.bytes-per-key", keys == 0 ? 0 : now.usedBytes() / keys);
        field(reply, "dataset.bytes", now.datasetBytes());
        field(reply, "dataset.percentage", percent(now.datasetBytes(), now.usedBytes()));
        field(reply, "peak.percentage", percent(now.usedBytes(), now.peakBytes()));
        field(reply, "allocator.allocated", now.arena().usedBytes());
        field(reply, "allocator.active", now.arena().heldBytes());
        field(reply, "allocator.resident", now.arena().touchedBytes());
        excess(reply, "allocator-fragmentation.", "ratio", now.fragmentation());
        excess(reply, "allocator-rss.", "ratio", now.spare());
        excess(reply, "rss-overhead.", "ratio", now.process());
        field(reply, "fragmentation", now.total().ratio());
        field(reply, "fragmentation.bytes", now.total().bytes());
    }

    private static List<Database> filledDatabases(Call call) {
        List<Database> filled = new ArrayList<>();
        for (int i = 0; i < call.keyspace().databaseCount(); i++) {
            if (call.keyspace().database(i).keyCount() > 0) {
                filled.add(call.keyspace().database(i));
            }
        }
        return filled;
    }

    /** The index is one for all databases of a slot, so a database has a part of it by its number of keys. */
    private static void indexOf(ReplyEncoder reply, Database database, double bytesPerKey) {
        reply.bulk("db." + database.number());
        reply.map(FIELDS_OF_DATABASE);
        field(reply, "overhead.hashtable.main", (long) (database.keyCount() * bytesPerKey));
        field(reply, "overhead.hashtable.expires", database.expiringKeyCount() * DEADLINE_BYTES);
        field(reply, "overhead.hashtable.slot-to-keys", 0);
    }

    private static void excess(
            ReplyEncoder reply, String name, String ratio, MemoryFigures.Excess excess) {
        field(reply, name + ratio, excess.ratio());
        field(reply, name + "bytes", excess.bytes());
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : PERCENT * part / whole;
    }

    private static void field(ReplyEncoder reply, String name, long value) {
        reply.bulk(name);
        reply.integer(value);
    }

    private static void field(ReplyEncoder reply, String name, double value) {
        reply.bulk(name);
        reply.doubleValue(value);
    }

    private void doctor(Call call) {
        long clients = Math.max(1, call.clients().count());
        call.reply().verbatim("txt", MemoryDoctor.advice(figures.get(), clients));
    }

    private void allocator(Call call) {
        MemoryFigures now = figures.get();
        call.reply()
                .verbatim(
                        "txt",
                        "Arena of keys, values and index\n"
                                + line("blocks in use", now.arena().usedBytes())
                                + line("index, a part of them", now.arena().indexBytes())
                                + line(
                                        "free between blocks",
                                        now.fragmentation().bytes())
                                + line(
                                        "free for blocks of any size",
                                        now.arena().spareBytes())
                                + line("touched", now.arena().touchedBytes())
                                + line("address space", now.arena().reservedBytes())
                                + "Beside it\n"
                                + line("buffers of clients", now.clientBytes())
                                + line("pool they come from", now.networkPoolBytes())
                                + line("Java heap in use", now.javaHeapBytes())
                                + line("resident, the whole process", now.residentBytes()));
    }

    private static String line(String what, long bytes) {
        return String.format(Locale.ROOT, "  %-30s %15d\n", what, bytes);
    }

    /** Frees what waits to be freed. The allocator itself gives back whatever is wholly free without being asked. */
    private void purge(Call call) {
        purge.run();
        call.reply().ok();
    }

    private void help(Call call) {
        HelpReply.write(
                call,
                "DOCTOR",
                "    Look for problems with memory and tell of them.",
                "MALLOC-STATS",
                "    Show what the allocator holds.",
                "PURGE",
                "    Free what waits to be freed, and give free memory back.",
                "STATS",
                "    Show the figures about memory.",
                "USAGE <key> [SAMPLES <count>]",
                "    Show the bytes that <key> and its value occupy. Of nested values <count>",
                "    are looked at (default: 5, 0: all).");
    }
}
