package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.text.Glob;

import java.util.Optional;

/** What a walk over the elements of one value asks for: {@code SSCAN key cursor [MATCH pattern] [COUNT count]} and its kin. */
public final class ElementScan {
    private static final int CURSOR = 2;
    private static final int FIRST_OPTION = 3;
    private static final int DEFAULT_COUNT = 10;
    private static final int FIRST_TEXT_BYTES = 64;

    private int count = DEFAULT_COUNT;
    private Optional<Glob> pattern = Optional.empty();
    private byte[] text = new byte[FIRST_TEXT_BYTES];

    private ElementScan() {}

    /**
     * The cursor, argument 2: not negative; what the client sent is bounded by nothing else.
     *
     * @throws ErrorReply {@code invalid cursor}
     */
    public static long cursor(Call call) {
        return ScanCursor.parse(call.span(CURSOR));
    }

    /**
     * The options behind the cursor. Redis looks at them only when the key is there.
     *
     * @throws ErrorReply for an option that is unknown, incomplete or wrong
     */
    public static ElementScan options(Call call) {
        ElementScan scan = new ElementScan();
        for (int i = FIRST_OPTION; i < call.count(); i += 2) {
            if (i + 1 == call.count()) {
                throw ErrorReply.SYNTAX;
            }
            if (call.is(i, "COUNT")) {
                scan.count = ScanCursor.count(call, i + 1);
            } else if (call.is(i, "MATCH")) {
                scan.pattern = Optional.of(Glob.compile(call.bytes(i + 1)))
                        .filter(glob -> !glob.matchesEverything());
            } else {
                throw ErrorReply.SYNTAX;
            }
        }
        return scan;
    }

    /** About how many elements to visit, 1 or more. */
    public int count() {
        return count;
    }

    /** Whether an element's name is asked for. */
    public boolean accepts(ByteSpan name) {
        if (pattern.isEmpty()) {
            return true;
        }
        int length = name.length();
        if (length > text.length) {
            text = new byte[Math.max(length, 2 * text.length)];
        }
        name.copyTo(0, length, text, 0);
        return pattern.get().matches(text, 0, length);
    }
}
