package dev.slotmesh.server.config;

import dev.slotmesh.server.config.Directive.Trait;

import java.util.List;

/** Addresses, ports, connections and their buffers, and TLS. */
public final class NetworkDirectives {
    private static final DirectiveTable TABLE = new DirectiveTable();

    private static final long UNSIGNED_INT_MAX = 0xffff_ffffL;

    public static final Directive<List<String>> BIND =
            TABLE.special("bind", new BindSyntax(), List.of("*", "-::*"), Trait.MANY_WORDS);

    public static final Directive<String> BIND_SOURCE_ADDR = TABLE.text("bind-source-addr", "");

    public static final Directive<Long> PORT = TABLE.integer("port", 0, 65535, 6379);

    public static final Directive<Long> TCP_BACKLOG =
            TABLE.integer("tcp-backlog", 0, Integer.MAX_VALUE, 511, Trait.IMMUTABLE);

    public static final Directive<Long> TCP_KEEPALIVE =
            TABLE.integer("tcp-keepalive", 0, Integer.MAX_VALUE, 300);

    public static final Directive<Long> TIMEOUT = TABLE.integer("timeout", 0, Integer.MAX_VALUE, 0);

    public static final Directive<String> UNIXSOCKET =
            TABLE.text("unixsocket", "", Trait.IMMUTABLE);

    public static final Directive<Long> UNIXSOCKETPERM =
            TABLE.special("unixsocketperm", new OctalSyntax(0777), 0L, Trait.IMMUTABLE);

    public static final Directive<Boolean> PROTECTED_MODE = TABLE.flag("protected-mode", true);

    public static final Directive<Long> SOCKET_MARK_ID = TABLE.integer(
            "socket-mark-id", 0, UNSIGNED_INT_MAX, 0, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    private static final int MOST_IO_THREADS = 128;

    /** Event loops, each executing its clients' commands; all cores unless told otherwise, where Redis starts with one. */
    public static final Directive<Long> IO_THREADS = TABLE.integer(
            "io-threads",
            1,
            MOST_IO_THREADS,
            Math.min(MOST_IO_THREADS, Runtime.getRuntime().availableProcessors()),
            Trait.IMMUTABLE);

    public static final Directive<Boolean> IO_THREADS_DO_READS =
            TABLE.flag("io-threads-do-reads", false, Trait.IMMUTABLE, Trait.WITHOUT_MEANING);

    public static final Directive<Long> MAXCLIENTS =
            TABLE.integer("maxclients", 1, UNSIGNED_INT_MAX, 10000);

    public static final Directive<Long> CLIENT_QUERY_BUFFER_LIMIT =
            TABLE.memory("client-query-buffer-limit", 1 << 20, Long.MAX_VALUE, 1 << 30);

    public static final Directive<OutputBufferLimits> CLIENT_OUTPUT_BUFFER_LIMIT = TABLE.special(
            "client-output-buffer-limit",
            new OutputBufferLimitsSyntax(),
            OutputBufferLimitsSyntax.INITIAL,
            Trait.MANY_WORDS);

    public static final Directive<Long> PROTO_MAX_BULK_LEN =
            TABLE.memory("proto-max-bulk-len", 1 << 20, Long.MAX_VALUE, 512 << 20);

    public static final Directive<Long> TLS_PORT = TABLE.integer("tls-port", 0, 65535, 0);

    public static final Directive<Long> TLS_SESSION_CACHE_SIZE = TABLE.integer(
            "tls-session-cache-size", 0, Integer.MAX_VALUE, 20480, Trait.WITHOUT_MEANING);

    public static final Directive<Long> TLS_SESSION_CACHE_TIMEOUT = TABLE.integer(
            "tls-session-cache-timeout", 0, Integer.MAX_VALUE, 300, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> TLS_CLUSTER = TABLE.flag("tls-cluster", false);

    public static final Directive<Boolean> TLS_REPLICATION = TABLE.flag("tls-replication", false);

    public static final Directive<String> TLS_AUTH_CLIENTS = TABLE.word(
            "tls-auth-clients", List.of("no", "yes", "optional"), "yes", Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> TLS_PREFER_SERVER_CIPHERS =
            TABLE.flag("tls-prefer-server-ciphers", false, Trait.WITHOUT_MEANING);

    public static final Directive<Boolean> TLS_SESSION_CACHING =
            TABLE.flag("tls-session-caching", true, Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CERT_FILE =
            TABLE.text("tls-cert-file", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_KEY_FILE =
            TABLE.text("tls-key-file", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CLIENT_CERT_FILE =
            TABLE.text("tls-client-cert-file", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CLIENT_KEY_FILE =
            TABLE.text("tls-client-key-file", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_DH_PARAMS_FILE =
            TABLE.text("tls-dh-params-file", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CA_CERT_FILE =
            TABLE.text("tls-ca-cert-file", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CA_CERT_DIR =
            TABLE.text("tls-ca-cert-dir", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_PROTOCOLS =
            TABLE.text("tls-protocols", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CIPHERS =
            TABLE.text("tls-ciphers", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CIPHERSUITES =
            TABLE.text("tls-ciphersuites", "", Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_KEY_FILE_PASS =
            TABLE.text("tls-key-file-pass", "", Trait.SENSITIVE, Trait.WITHOUT_MEANING);

    public static final Directive<String> TLS_CLIENT_KEY_FILE_PASS =
            TABLE.text("tls-client-key-file-pass", "", Trait.SENSITIVE, Trait.WITHOUT_MEANING);

    private NetworkDirectives() {}

    static List<Directive<?>> declared() {
        return TABLE.declared();
    }
}
