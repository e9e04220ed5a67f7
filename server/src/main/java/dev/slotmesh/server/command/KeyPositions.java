package dev.slotmesh.server.command;

import dev.slotmesh.resp.Request;

import java.util.Arrays;

/**
 * Where the keys of one command line are, and what the command does with each. Reusable: {@link #collect} starts anew and
 * allocates only when a command has more keys than any before. Not thread safe; one per event loop is enough.
 *
 * <p>A command line that is wrong in itself (a count of keys beyond its arguments) has no keys here; the command reports
 * what is wrong with it.
 */
public final class KeyPositions {
    private final CommandLine line = new CommandLine();
    private int[] positions = new int[16];
    private int[] flags = new int[16];
    private int count;

    /**
     * Finds the keys of a request, shard channels left out.
     *
     * @param command what {@link CommandTable#find(Request)} found for it, not null
     * @return the number of keys, 0 or more
     */
    public int collect(CommandSpec command, Request request) {
        return collect(command, request, 0, false);
    }

    /**
     * As {@link #collect(CommandSpec, Request)}, with the shard channels of SPUBLISH, SSUBSCRIBE and SUNSUBSCRIBE, which
     * belong to slots as keys do.
     */
    public int collectRouted(CommandSpec command, Request request) {
        return collect(command, request, 0, true);
    }

    /** The number of keys found. */
    public int count() {
        return count;
    }

    /** The argument that is key {@code i}, 1 or more; 0 is the command's name. The same key may occur twice. */
    public int position(int i) {
        return positions[checked(i)];
    }

    /** Bits of {@link KeyFlags} for key {@code i}. */
    public int flags(int i) {
        return flags[checked(i)];
    }

    /** Finds the keys of the command line that begins at argument {@code start}. Positions count from there. */
    int collect(CommandSpec command, Request request, int start, boolean withChannels) {
        count = 0;
        line.bind(request, start);
        KeyRule rule = command.keyRule();
        if (rule != null && rule.isAuthority()) {
            rule.collect(line, this);
            return count;
        }
        for (int i = 0; i < command.keySpecs().size(); i++) {
            KeySpec spec = command.keySpecs().get(i);
            if ((withChannels || !spec.has(KeyFlags.NOT_KEY)) && !collect(spec)) {
                count = 0;
                if (rule != null) {
                    rule.collect(line, this);
                }
                break;
            }
        }
        return count;
    }

    void add(int position, int keyFlags) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
        }
        positions[count] = position;
        flags[count++] = keyFlags;
    }

    /** Adds the keys of one specification. False if the line does not fit it or it cannot find them all. */
    private boolean collect(KeySpec spec) {
        int first;
        if (spec.begin() instanceof KeySpec.Index index) {
            first = index.position();
        } else if (spec.begin() instanceof KeySpec.Keyword keyword) {
            first = line.behind(keyword.keyword(), keyword.startFrom());
            if (first == 0) {
                return true;
            }
        } else {
            return false;
        }
        if (spec.find() instanceof KeySpec.Range range) {
            return addRange(first, lastOf(range, first, line.count()), range.step(), spec);
        }
        if (spec.find() instanceof KeySpec.KeyNum keyNum) {
            long keys = line.integer(first + keyNum.keyNumIndex());
            int from = first + keyNum.firstKey();
            long last = keys < 1 || keys > line.count() ? -1 : from + (keys - 1) * keyNum.step();
            return addRange(from, (int) Math.min(last, Integer.MAX_VALUE), keyNum.step(), spec);
        }
        return false;
    }

    private boolean addRange(int first, int last, int step, KeySpec spec) {
        if (last < first || last >= line.count()) {
            return false;
        }
        for (int i = first; i <= last; i += step) {
            add(i, spec.flags());
        }
        return !spec.has(KeyFlags.INCOMPLETE);
    }

    private static int lastOf(KeySpec.Range range, int first, int count) {
        if (range.lastKey() >= 0) {
            return first + range.lastKey();
        }
        return range.limit() == 0
                ? count + range.lastKey()
                : first + (count - first) / range.limit() + range.lastKey();
    }

    private int checked(int i) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("key " + i + " of " + count);
        }
        return i;
    }
}
