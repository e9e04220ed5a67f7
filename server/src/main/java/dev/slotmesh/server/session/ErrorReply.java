package dev.slotmesh.server.session;

/**
 * A client's mistake, unwinding a command. Costs the command only: whatever it had written to its reply is dropped and
 * this text is sent instead; the connection lives.
 *
 * <p>Instances carry no stack trace, so that constants may be thrown on any path at the price of a return.
 */
public final class ErrorReply extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public static final ErrorReply SYNTAX = new ErrorReply("ERR syntax error");
    public static final ErrorReply NOT_AN_INTEGER =
            new ErrorReply("ERR value is not an integer or out of range");
    public static final ErrorReply NOT_A_SMALL_INTEGER = new ErrorReply(
            "ERR value is out of range, value must between -2147483648 and 2147483647");
    public static final ErrorReply STRING_TOO_LONG =
            new ErrorReply("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    public static final ErrorReply REPLY_TOO_LONG =
            new ErrorReply("ERR the reply would be longer than 2 GiB");
    public static final ErrorReply NOT_A_FLOAT = new ErrorReply("ERR value is not a valid float");
    public static final ErrorReply WRONG_TYPE =
            new ErrorReply("WRONGTYPE Operation against a key holding the wrong kind of value");
    public static final ErrorReply NO_SUCH_KEY = new ErrorReply("ERR no such key");
    public static final ErrorReply NO_CLUSTER =
            new ErrorReply("ERR This instance has cluster support disabled");

    /** @param text the full error line without the leading dash, for example {@code ERR syntax error} */
    public ErrorReply(String text) {
        super(text, null, false, false);
    }

    public String text() {
        return getMessage();
    }
}
