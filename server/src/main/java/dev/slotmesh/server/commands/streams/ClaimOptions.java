package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;

/** What XCLAIM is told behind the shortest idle time: IDs and options. */
final class ClaimOptions {
    private static final ErrorReply BAD_IDLE =
            new ErrorReply("ERR Invalid IDLE option argument for XCLAIM");
    private static final ErrorReply BAD_TIME =
            new ErrorReply("ERR Invalid TIME option argument for XCLAIM");
    private static final ErrorReply BAD_RETRY_COUNT =
            new ErrorReply("ERR Invalid RETRYCOUNT option argument for XCLAIM");
    /** The argument that is the first ID. */
    static final int FIRST_ID = 5;

    private final List<StreamId> ids = new ArrayList<>();
    private long deliveryTimeMs;
    private long retryCount = -1;
    private boolean force;
    private boolean justId;
    private StreamId lastId = StreamId.MIN;

    private ClaimOptions(Call call) {
        deliveryTimeMs = call.nowMs();
    }

    /** Those of XAUTOCLAIM. */
    static ClaimOptions automatic(Call call, boolean justId) {
        ClaimOptions options = new ClaimOptions(call);
        options.justId = justId;
        return options;
    }

    /** Reads IDs up to the first word that is none, and options from there on. */
    static ClaimOptions parse(Call call) {
        ClaimOptions options = new ClaimOptions(call);
        int at = FIRST_ID;
        StreamId id = IdArgument.exactOrNull(call, at);
        while (id != null) {
            options.ids.add(id);
            at++;
            id = at < call.count() ? IdArgument.exactOrNull(call, at) : null;
        }
        while (at < call.count()) {
            at = options.take(call, at);
        }
        return options;
    }

    private int take(Call call, int at) {
        boolean more = at + 1 < call.count();
        if (call.is(at, "FORCE")) {
            force = true;
        } else if (call.is(at, "JUSTID")) {
            justId = true;
        } else if (more && call.is(at, "IDLE")) {
            deliverAt(call, call.nowMs() - call.integer(at + 1, BAD_IDLE));
            return at + 2;
        } else if (more && call.is(at, "TIME")) {
            deliverAt(call, call.integer(at + 1, BAD_TIME));
            return at + 2;
        } else if (more && call.is(at, "RETRYCOUNT")) {
            retryCount = call.integer(at + 1, BAD_RETRY_COUNT);
            return at + 2;
        } else if (more && call.is(at, "LASTID")) {
            lastId = IdArgument.exact(call, at + 1);
            return at + 2;
        } else {
            throw new ErrorReply(
                    "ERR Unrecognized XCLAIM option '" + GroupPlace.text(call, at) + "'");
        }
        return at + 1;
    }

    /** A time that cannot be is taken as now. */
    private void deliverAt(Call call, long timeMs) {
        deliveryTimeMs = timeMs < 0 || timeMs > call.nowMs() ? call.nowMs() : timeMs;
    }

    List<StreamId> ids() {
        return ids;
    }

    /** When what is claimed counts as delivered. */
    long deliveryTimeMs() {
        return deliveryTimeMs;
    }

    /** How often it then counts as delivered; below 0: once more. */
    long retryCount() {
        return retryCount;
    }

    /** Whether what is not pending becomes so. */
    boolean force() {
        return force;
    }

    /** Whether IDs alone are replied, and the count of deliveries stays. */
    boolean justId() {
        return justId;
    }

    /** What the group's last ID is at least, 0-0 when nothing was said. */
    StreamId lastId() {
        return lastId;
    }
}
