package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.List;

/** Snapshots and the append-only file. */
public final class PersistenceDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<List<SavePoint>> SAVE =
            TABLE.special("save", new SaveSyntax(), SaveSyntax.INITIAL, Trait.MANY_WORDS);

    public static final Directive<String> DBFILENAME = TABLE.special(
            "dbfilename",
            TextSyntax.plainName("dbfilename", "filename", true),
            "dump.rdb",
            Trait.PROTECTED);

    public static final Directive<Boolean> STOP_WRITES_ON_BGSAVE_ERROR =
            TABLE.flag("stop-writes-on-bgsave-error", true);

    public static final Directive<Boolean> RDBCOMPRESSION = TABLE.flag("rdbcompression", true);

    public static final Directive<Boolean> RDBCHECKSUM =
            TABLE.flag("rdbchecksum", true, Trait.IMMUTABLE);

    public static final Directive<Boolean> RDB_DEL_SYNC_FILES =
            TABLE.flag("rdb-del-sync-files", false);

    public static final Directive<String> SANITIZE_DUMP_PAYLOAD = TABLE.word(
            "sanitize-dump-payload", List.of("no", "yes", "clients"), "no", Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> RDB_SAVE_INCREMENTAL_FSYNC =
            TABLE.flag("rdb-save-incremental-fsync", true);

    public static final Directive<Long> RDB_KEY_SAVE_DELAY = TABLE.integer(
            "rdb-key-save-delay", Integer.MIN_VALUE, Integer.MAX_VALUE, 0, Trait.HIDDEN);

    public static final Directive<Long> KEY_LOAD_DELAY =
            TABLE.integer("key-load-delay", Integer.MIN_VALUE, Integer.MAX_VALUE, 0, Trait.HIDDEN);

    public static final Directive<Long> LOADING_PROCESS_EVENTS_INTERVAL_BYTES = TABLE.integer(
            "loading-process-events-interval-bytes",
            1024,
            Integer.MAX_VALUE,
            2 << 20,
            Trait.HIDDEN,
            Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> APPENDONLY = TABLE.flag("appendonly", false);

    public static final Directive<String> APPENDFILENAME = TABLE.special(
            "appendfilename",
            TextSyntax.plainName("appendfilename", "filename", false),
            "appendonly.aof",
            Trait.IMMUTABLE);

    public static final Directive<String> APPENDDIRNAME = TABLE.special(
            "appenddirname",
            TextSyntax.plainName("appenddirname", "dirname", false),
            "appendonlydir",
            Trait.IMMUTABLE);

    public static final Directive<AppendFsync> APPENDFSYNC =
            TABLE.choice("appendfsync", AppendFsync.EVERYSEC);

    public static final Directive<Boolean> NO_APPENDFSYNC_ON_REWRITE =
            TABLE.flag("no-appendfsync-on-rewrite", false);

    public static final Directive<Long> AUTO_AOF_REWRITE_PERCENTAGE =
            TABLE.integer("auto-aof-rewrite-percentage", 0, Integer.MAX_VALUE, 100);

    public static final Directive<Long> AUTO_AOF_REWRITE_MIN_SIZE =
            TABLE.memory("auto-aof-rewrite-min-size", 0, Long.MAX_VALUE, 64 << 20);

    public static final Directive<Boolean> AOF_LOAD_TRUNCATED =
            TABLE.flag("aof-load-truncated", true);

    public static final Directive<Boolean> AOF_USE_RDB_PREAMBLE =
            TABLE.flag("aof-use-rdb-preamble", true);

    public static final Directive<Boolean> AOF_TIMESTAMP_ENABLED =
            TABLE.flag("aof-timestamp-enabled", false);

    public static final Directive<Boolean> AOF_REWRITE_INCREMENTAL_FSYNC =
            TABLE.flag("aof-rewrite-incremental-fsync", true);

    public static final Directive<Boolean> AOF_DISABLE_AUTO_GC =
            TABLE.flag("aof-disable-auto-gc", false);

    private PersistenceDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
