package dev.slotmesh.server;

import dev.slotmesh.server.command.CommandFlags;
import dev.slotmesh.server.command.CommandSpec;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.GuardedAccess;
import dev.slotmesh.server.config.SecurityDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.Loading;
import dev.slotmesh.server.persistence.Persistence;
import dev.slotmesh.server.persistence.RdbSaves;
import dev.slotmesh.server.replication.ReplicaRules;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Session;
import dev.slotmesh.server.session.SessionEvents;

import java.util.concurrent.atomic.LongAdder;

/** What a node logs of its clients, and which commands its configuration keeps from them. Thread safe. */
final class NodeEvents implements SessionEvents {
    private static final ErrorReply OUT_OF_MEMORY =
            new ErrorReply("OOM command not allowed when used memory > 'maxmemory'.");
    private static final ErrorReply LOADING =
            new ErrorReply("LOADING Redis is loading the dataset in memory");
    private static final ErrorReply NOT_SAVED = new ErrorReply(
            "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that"
                    + " may modify the data set are disabled, because this instance is configured to report errors during"
                    + " writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for"
                    + " details about the RDB error.");
    private static final ErrorReply DEBUG_DISABLED = new ErrorReply(
            "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a"
                    + " local connection, otherwise you need to set this option in the configuration file, and then restart"
                    + " the server.");

    private final Configuration configuration;
    private final NodeLog log;
    private final MemoryUpkeep memory;
    private final ReplicaRules replica;
    private final Persistence persistence;
    private final Loading loading;
    private final RdbSaves saves;
    private final LongAdder disagreements = new LongAdder();

    NodeEvents(
            Configuration configuration,
            NodeLog log,
            MemoryUpkeep memory,
            ReplicaRules replica,
            Persistence persistence) {
        this.replica = replica;
        this.persistence = persistence;
        this.loading = persistence.loading();
        this.saves = persistence.saves();
        this.configuration = configuration;
        this.log = log;
        this.memory = memory;
    }

    @Override
    public ErrorReply refusal(Session session, CommandSpec spec) {
        if (loading.isActive() && isDeniedNow(spec) && !replica.isRoutedFirst(spec)) {
            return LOADING;
        }
        if (!loading.isBlocking() && !memory.makeRoom() && session.mayGrow(spec)) {
            return OUT_OF_MEMORY;
        }
        ErrorReply ofDisk = session.isObeyed() ? null : diskRefusal(session, spec);
        if (ofDisk != null) {
            return ofDisk;
        }
        ErrorReply ofReplica = replica.refusal(session, spec);
        if (ofReplica != null) {
            return ofReplica;
        }
        if (!spec.has(CommandFlags.PROTECTED)) {
            return null;
        }
        GuardedAccess access = configuration.get(SecurityDirectives.ENABLE_DEBUG_COMMAND);
        boolean allowed = access == GuardedAccess.YES
                || access == GuardedAccess.LOCAL && session.connection().fromThisMachine();
        return allowed ? null : DEBUG_DISABLED;
    }

    /** Nothing is promised to be kept that cannot be kept. */
    private ErrorReply diskRefusal(Session session, CommandSpec spec) {
        boolean notSaved = saves.isWritingRefused();
        String error = notSaved ? null : persistence.appendOnly().error();
        if (!notSaved && error == null || !isWrite(session, spec)) {
            return null;
        }
        return notSaved
                ? NOT_SAVED
                : new ErrorReply("MISCONF Errors writing to the AOF file: " + error);
    }

    private boolean isDeniedNow(CommandSpec spec) {
        if (replica.isSynchronizing() && spec.name().startsWith("cluster|")) {
            // In Redis too this is rarely refused: a small image is loaded before anything else is
            // answered.
            return false;
        }
        return loading.isAsync()
                ? spec.has(CommandFlags.NO_ASYNC_LOADING)
                : !spec.has(CommandFlags.LOADING);
    }

    /** PING as well, so that those who watch over the node notice. */
    private static boolean isWrite(Session session, CommandSpec spec) {
        return spec.has(CommandFlags.WRITE)
                || spec.name().equals("ping")
                || spec.name().equals("exec") && session.hasQueued(CommandFlags.WRITE);
    }

    @Override
    public void protocolError(Session session, String error) {
        String text = "Protocol error (" + error + ") from client: " + describe(session);
        if (session.isPrimary()) {
            log.warning(text);
        } else {
            log.verbose(text);
        }
    }

    @Override
    public void queryBufferExceeded(Session session) {
        log.warning("Closing client that reached max query buffer length: " + describe(session));
    }

    @Override
    public void outputBufferExceeded(Session session, long pendingBytes) {
        log.warning(
                "Client " + describe(session) + " closed for overcoming of output buffer limits ("
                        + pendingBytes + " bytes unsent).");
    }

    @Override
    public void internalError(Session session, CommandSpec spec, Throwable error) {
        log.warning(
                "Command " + spec.name() + " failed by a mistake of the server; please report it",
                error);
    }

    @Override
    public void primaryCommandFailed(Session session, String command, String error) {
        disagreements.increment();
        log.warning("== CRITICAL == This replica is sending an error to its master: '" + error
                + "' after processing the command '" + command + "'");
    }

    /** Commands of the primary that failed here, since the start: INFO unexpected_error_replies. */
    long disagreements() {
        return disagreements.sum();
    }

    private static String describe(Session session) {
        return "id=" + session.id() + " addr=" + session.connection().remoteAddress() + " name="
                + session.state().name() + " cmd=" + session.state().lastCommand();
    }
}
