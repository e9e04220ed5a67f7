package dev.slotmesh.server.command;

import dev.slotmesh.resp.Request;

import java.util.Arrays;
import java.util.List;

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
        return route(command, request, KeyFlags.NOT_KEY);
    }

    /**
     * As {@link #collect(CommandSpec, Request)}, with the shard channels of SPUBLISH, SSUBSCRIBE and SUNSUBSCRIBE, which
     * belong to slots as keys do.
     */
    public int collectRouted(CommandSpec command, Request request) {
        return route(command, request, 0);
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

    /**
     * Finds the keys of the command line that begins at argument {@code start}, as COMMAND GETKEYS shows them: by the key
     * specifications unless the command's own rule is the authority. Positions count from {@code start}.
     */
    int describe(CommandSpec command, Request request, int start) {
        KeyRule own = command.keyRule();
        KeyRule rule = own != null && own.completesDescription() ? own : null;
        boolean ruled = rule != null && rule.overrulesDescription();
        line.bind(request, start);
        return find(command, rule, ruled, KeyFlags.NOT_KEY);
    }

    void add(int position, int keyFlags) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
        }
        positions[count] = position;
        flags[count++] = keyFlags;
    }

    private int route(CommandSpec command, Request request, int unwanted) {
        KeyRule rule = command.keyRule();
        boolean ruled = rule != null && rule.overrulesRouting();
        line.bind(request, 0);
        return find(command, rule, ruled, unwanted);
    }

    /** Finds the keys of the line by its specifications, unless the rule comes first; else by the rule, null for none. */
    private int find(CommandSpec command, KeyRule rule, boolean ruled, int unwanted) {
        count = 0;
        if (!ruled && collectSpecified(command.keySpecs(), unwanted)) {
            return count;
        }
        count = 0;
        if (rule != null) {
            rule.collect(line, this);
        } else {
            collectCounted(command.keySpecs());
        }
        return count;
    }

    /** Adds what the specifications without {@code unwanted} flags find. False if one of them does not fit the line. */
    private boolean collectSpecified(List<KeySpec> specs, int unwanted) {
        for (int i = 0; i < specs.size(); i++) {
            KeySpec spec = specs.get(i);
            if (!spec.has(unwanted) && !collect(spec)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The second try for a line whose count of keys is no strict number ({@code 1x}, {@code +1}): counted keys first, then the
     * destination, and no word on what happens to them, as Redis has it.
     */
    private void collectCounted(List<KeySpec> specs) {
        KeySpec last = specs.isEmpty() ? null : specs.get(specs.size() - 1);
        if (last == null
                || !(last.find() instanceof KeySpec.KeyNum keyNum)
                || !(last.begin() instanceof KeySpec.Index begin)) {
            return;
        }
        int first = begin.position() + keyNum.firstKey();
        int keys = line.leadingInteger(begin.position() + keyNum.keyNumIndex());
        if (keys < 1 || keys > line.count() - first) {
            return;
        }
        for (int i = 0; i < keys; i++) {
            add(first + i, 0);
        }
        if (specs.size() > 1) {
            add(((KeySpec.Index) specs.get(0).begin()).position(), 0);
        }
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
            return addRange(from, (int) last, keyNum.step(), spec);
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
