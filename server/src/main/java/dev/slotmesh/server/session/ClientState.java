package dev.slotmesh.server.session;

/**
 * What a client has told us and what CLIENT LIST tells of it. Written by the session's event loop only; other loops read
 * it without a lock, so a value they see may be a moment old, never torn.
 */
public final class ClientState {
    /** What CLIENT REPLY asked for. */
    public enum ReplyMode {
        ON,
        OFF,
        /** The next reply is dropped, then ON. */
        SKIP_NEXT,
        /** The present reply (of CLIENT REPLY SKIP itself) is dropped, then SKIP_NEXT. */
        SKIP
    }

    private final long createdMs;
    private volatile String name = "";
    private volatile String user = "default";
    private volatile String lastCommand = "NULL";
    private volatile int database;
    private volatile int protocol = 2;
    private final boolean obeyed;
    private boolean authenticated;
    private boolean asking;
    private boolean readOnly;
    private volatile boolean noEvict;
    private ReplyMode replyMode = ReplyMode.ON;
    private long lastInteractionMs;
    private int queryBufferBytes;
    private long outputBytes;
    private volatile long bufferBytes;
    private long bytesReceived;
    private long bytesSent;
    private long softLimitSinceMs;
    private volatile ReplicaTraits replicaTraits = ReplicaTraits.NONE;
    private volatile int queuedCommands = -1;
    private volatile long queuedBytes;
    private long writtenOffset;

    ClientState(long createdMs, boolean authenticated) {
        this(createdMs, authenticated, false);
    }

    private ClientState(long createdMs, boolean authenticated, boolean obeyed) {
        this.obeyed = obeyed;
        this.createdMs = createdMs;
        this.lastInteractionMs = createdMs;
        this.authenticated = authenticated;
    }

    /** The state of no client, but of a stream of commands that is obeyed. */
    static ClientState ofStream(long createdMs) {
        return new ClientState(createdMs, true, true);
    }

    /** Whether the commands come from a stream that is obeyed. */
    boolean isObeyed() {
        return obeyed;
    }

    void received(int bytes, long nowMs) {
        bytesReceived += bytes;
        lastInteractionMs = nowMs;
    }

    void sent(int bytes) {
        bytesSent += bytes;
    }

    void queryBufferBytes(int bytes) {
        queryBufferBytes = bytes;
    }

    void outputBytes(long bytes) {
        outputBytes = bytes;
    }

    /** The replication offset behind this client's last change, 0 when it has made none. On the session's event loop. */
    public long writtenOffset() {
        return writtenOffset;
    }

    void writtenOffset(long offset) {
        writtenOffset = Math.max(writtenOffset, offset);
    }

    /** How long unsent replies have been above the soft limit, milliseconds; the first call starts the time. */
    long softLimitExceededFor(long nowMs) {
        if (softLimitSinceMs == 0) {
            softLimitSinceMs = nowMs;
        }
        return nowMs - softLimitSinceMs;
    }

    void softLimitKept() {
        softLimitSinceMs = 0;
    }

    public long createdMs() {
        return createdMs;
    }

    public long lastInteractionMs() {
        return lastInteractionMs;
    }

    public int queryBufferBytes() {
        return queryBufferBytes;
    }

    public long outputBytes() {
        return outputBytes;
    }

    /** Notes what the client occupies and returns by how much that is more than before. */
    long noteBuffers(long bytes) {
        long more = bytes - bufferBytes;
        if (more != 0) {
            bufferBytes = bytes;
        }
        return more;
    }

    /** What the client occupies: unfinished input, unsent replies, queued commands and its own objects, bytes. */
    public long bufferBytes() {
        return bufferBytes;
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    public long bytesSent() {
        return bytesSent;
    }

    public String name() {
        return name;
    }

    public void name(String newName) {
        name = newName;
    }

    public String user() {
        return user;
    }

    public String lastCommand() {
        return lastCommand;
    }

    void lastCommand(String fullName) {
        if (lastCommand != fullName) {
            lastCommand = fullName;
        }
    }

    void queued(int commands, long bytes) {
        queuedCommands = commands;
        queuedBytes = bytes;
    }

    /** Commands queued since MULTI, -1 outside. */
    public int queuedCommands() {
        return queuedCommands;
    }

    /** Bytes that the queued commands occupy. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Index of the selected database, 0 or more. */
    public int database() {
        return database;
    }

    public void database(int index) {
        database = index;
    }

    /** RESP version, 2 or 3. */
    public int protocol() {
        return protocol;
    }

    void protocol(int version) {
        protocol = version;
    }

    public boolean authenticated() {
        return authenticated;
    }

    public void authenticated(boolean now) {
        authenticated = now;
    }

    /** One-shot: set by ASKING, cleared after the next command. */
    public boolean asking() {
        return asking;
    }

    public void asking(boolean now) {
        asking = now;
    }

    public boolean readOnly() {
        return readOnly;
    }

    public void readOnly(boolean now) {
        readOnly = now;
    }

    /** What it has said by REPLCONF. */
    public ReplicaTraits replicaTraits() {
        return replicaTraits;
    }

    public void replicaTraits(ReplicaTraits said) {
        replicaTraits = said;
    }

    public boolean noEvict() {
        return noEvict;
    }

    public void noEvict(boolean now) {
        noEvict = now;
    }

    public ReplyMode replyMode() {
        return replyMode;
    }

    /** Whether the next reply is sent. */
    boolean isAnswered() {
        return replyMode == ReplyMode.ON;
    }

    public void replyMode(ReplyMode mode) {
        replyMode = mode;
    }
}
