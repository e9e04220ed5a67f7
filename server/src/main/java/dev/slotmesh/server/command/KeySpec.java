package dev.slotmesh.server.command;

/**
 * One rule that finds keys among the arguments of a command: where to begin, then which arguments from there on.
 *
 * @param flags bits of {@link KeyFlags}
 * @param notes a remark for people, or null
 * @param begin where the first key is
 * @param find which arguments from there on are keys
 */
public record KeySpec(int flags, String notes, Begin begin, Find find) {
    /** Where to begin. Argument 0 is the command's name. */
    public sealed interface Begin permits Index, Keyword, UnknownBegin {}

    /** At a fixed argument, 1 or more. */
    public record Index(int position) implements Begin {}

    /**
     * Behind the first argument that equals a keyword, in any case.
     *
     * @param startFrom the argument to start looking at; a negative one counts from the end and looks backwards
     */
    public record Keyword(String keyword, int startFrom) implements Begin {}

    /** Not expressible; the command has its own rule in {@link KeyPositions}. */
    public record UnknownBegin() implements Begin {}

    /** Which arguments are keys. */
    public sealed interface Find permits Range, KeyNum, UnknownFind {}

    /**
     * A range of arguments.
     *
     * @param lastKey the last key relative to the first; a negative one counts from the last argument (-1)
     * @param step distance from one key to the next
     * @param limit with a negative lastKey: only the first 1/limit of the remaining arguments; 0 and 1 mean all
     */
    public record Range(int lastKey, int step, int limit) implements Find {}

    /**
     * As many keys as one argument says.
     *
     * @param keyNumIndex where the count is, relative to the beginning
     * @param firstKey where the first key is, relative to the beginning
     * @param step distance from one key to the next
     */
    public record KeyNum(int keyNumIndex, int firstKey, int step) implements Find {}

    /** Not expressible. */
    public record UnknownFind() implements Find {}

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
