package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;
import dev.slotmesh.server.log.LogLevel;

import java.util.List;
import java.util.Set;

/** The process, its log, its signals and what it observes about itself. */
public final class GeneralDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    public static final Directive<String> DIR = TABLE.special(
            "dir",
            new WorkingDirectorySyntax(),
            WorkingDirectorySyntax.ofProcess(),
            Trait.PROTECTED);

    public static final Directive<String> PIDFILE = TABLE.text("pidfile", "", Trait.IMMUTABLE);

    public static final Directive<LogLevel> LOGLEVEL = TABLE.choice("loglevel", LogLevel.NOTICE);

    public static final Directive<String> LOGFILE = TABLE.text("logfile", "", Trait.IMMUTABLE);

    public static final Directive<Long> DATABASES =
            TABLE.integer("databases", 1, Integer.MAX_VALUE, 16, Trait.IMMUTABLE);

    public static final Directive<Long> HZ =
            TABLE.special("hz", new IntegerSyntax(0, Integer.MAX_VALUE).keptWithin(1, 500), 10L);

    public static final Directive<Boolean> DYNAMIC_HZ =
            TABLE.flag("dynamic-hz", true, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> DAEMONIZE =
            TABLE.flag("daemonize", false, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> SUPERVISED = TABLE.word(
            "supervised",
            List.of("upstart", "systemd", "auto", "no"),
            "no",
            Trait.IMMUTABLE,
            Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> SYSLOG_ENABLED =
            TABLE.flag("syslog-enabled", false, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> SYSLOG_IDENT =
            TABLE.text("syslog-ident", "redis", Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> SYSLOG_FACILITY = TABLE.word(
            "syslog-facility",
            List.of(
                    "user", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
                    "local7"),
            "local0",
            Trait.IMMUTABLE,
            Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> ALWAYS_SHOW_LOGO =
            TABLE.flag("always-show-logo", false, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> SET_PROC_TITLE =
            TABLE.flag("set-proc-title", true, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> PROC_TITLE_TEMPLATE = TABLE.special(
            "proc-title-template",
            TextSyntax.template(List.of(
                    "title",
                    "listen-addr",
                    "server-mode",
                    "port",
                    "tls-port",
                    "unixsocket",
                    "config-file")),
            "{title} {listen-addr} {server-mode}",
            Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> CRASH_LOG_ENABLED =
            TABLE.flag("crash-log-enabled", true, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> CRASH_MEMCHECK_ENABLED =
            TABLE.flag("crash-memcheck-enabled", true, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> USE_EXIT_ON_PANIC =
            TABLE.flag("use-exit-on-panic", false, Trait.HIDDEN, Trait.WITHOUT_MEANING);

    public static final Directive<Long> WATCHDOG_PERIOD = TABLE.integer(
            "watchdog-period", 0, Integer.MAX_VALUE, 0, Trait.HIDDEN, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> DISABLE_THP =
            TABLE.flag("disable-thp", true, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> SERVER_CPULIST =
            TABLE.text("server_cpulist", "", Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> BIO_CPULIST =
            TABLE.text("bio_cpulist", "", Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> AOF_REWRITE_CPULIST =
            TABLE.text("aof_rewrite_cpulist", "", Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> BGSAVE_CPULIST =
            TABLE.text("bgsave_cpulist", "", Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<String> IGNORE_WARNINGS =
            TABLE.text("ignore-warnings", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> OOM_SCORE_ADJ = TABLE.word(
            "oom-score-adj",
            List.of("no", "yes", "relative", "absolute"),
            "no",
            Trait.WITHOUT_MEANING);

    public static final Directive<List<Integer>> OOM_SCORE_ADJ_VALUES = TABLE.special(
            "oom-score-adj-values",
            new OomScoreSyntax(),
            List.of(0, 200, 800),
            Trait.MANY_WORDS,
            Trait.WITHOUT_MEANING);

    public static final Directive<Long> SHUTDOWN_TIMEOUT =
            TABLE.integer("shutdown-timeout", 0, Integer.MAX_VALUE, 10);

    public static final Directive<Set<ShutdownFlag>> SHUTDOWN_ON_SIGINT =
            TABLE.special("shutdown-on-sigint", new ShutdownSyntax(), Set.of(), Trait.MANY_WORDS);

    public static final Directive<Set<ShutdownFlag>> SHUTDOWN_ON_SIGTERM =
            TABLE.special("shutdown-on-sigterm", new ShutdownSyntax(), Set.of(), Trait.MANY_WORDS);

    public static final Directive<Long> SLOWLOG_LOG_SLOWER_THAN = TABLE.integer(
            "slowlog-log-slower-than", -1, Long.MAX_VALUE, 10000, Trait.WITHOUT_MEANING);

    public static final Directive<Long> SLOWLOG_MAX_LEN =
            TABLE.integer("slowlog-max-len", 0, Long.MAX_VALUE, 128, Trait.WITHOUT_MEANING);

    public static final Directive<Long> LATENCY_MONITOR_THRESHOLD =
            TABLE.integer("latency-monitor-threshold", 0, Long.MAX_VALUE, 0, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> LATENCY_TRACKING =
            TABLE.flag("latency-tracking", true, Trait.WITHOUT_MEANING);

    public static final Directive<List<Double>> LATENCY_TRACKING_INFO_PERCENTILES = TABLE.special(
            "latency-tracking-info-percentiles",
            new PercentilesSyntax(),
            List.of(50.0, 99.0, 99.9),
            Trait.MANY_WORDS,
            Trait.WITHOUT_MEANING);

    public static final Directive<Integer> NOTIFY_KEYSPACE_EVENTS =
            TABLE.special("notify-keyspace-events", new KeyspaceEventsSyntax(), 0);

    public static final Directive<Long> BUSY_REPLY_THRESHOLD =
            TABLE.integer("busy-reply-threshold|lua-time-limit", 0, Long.MAX_VALUE, 5000);

    public static final Directive<Boolean> LUA_ENABLE_DEPRECATED_API = TABLE.flag(
            "lua-enable-deprecated-api",
            false,
            Trait.IMMUTABLE,
            Trait.HIDDEN,
            Trait.WITHOUT_MEANING);

    private GeneralDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
