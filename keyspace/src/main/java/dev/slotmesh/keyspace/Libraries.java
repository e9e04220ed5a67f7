package dev.slotmesh.keyspace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Libraries of functions that belong to a data set beside its keys: their source texts, in the order they came. They are kept and
 * written again as they are; nobody here runs them. Immutable.
 */
public final class Libraries {
    /** None. */
    public static final Libraries NONE = new Libraries(List.of());

    private static final String MARK = "#!";
    private static final String NAME = "name=";

    private final List<byte[]> sources;

    private Libraries(List<byte[]> sources) {
        this.sources = sources;
    }

    public boolean isEmpty() {
        return sources.isEmpty();
    }

    /** Copies of the source texts. */
    public List<byte[]> sources() {
        return sources.stream().map(byte[]::clone).toList();
    }

    /** Whether there is one of the same name as that of a source text. */
    public boolean contains(byte[] source) {
        return indexOf(source) >= 0;
    }

    /** These and another, which takes the place of one of the same name. */
    public Libraries with(byte[] source) {
        List<byte[]> more = new ArrayList<>(sources);
        int index = indexOf(source);
        if (index >= 0) {
            more.set(index, source.clone());
        } else {
            more.add(source.clone());
        }
        return new Libraries(List.copyOf(more));
    }

    private int indexOf(byte[] source) {
        String name = name(source);
        for (int i = 0; i < sources.size(); i++) {
            if (name.equals(name(sources.get(i)))) {
                return i;
            }
        }
        return -1;
    }

    /** What the first line names, {@code #!lua name=mylib}; the whole text when it names nothing. */
    static String name(byte[] source) {
        String text = new String(source, StandardCharsets.ISO_8859_1);
        String first = text.lines().findFirst().orElse("");
        return first.startsWith(MARK)
                ? Arrays.stream(first.split("\\s+"))
                        .filter(word -> word.startsWith(NAME))
                        .map(word -> word.substring(NAME.length()))
                        .findFirst()
                        .orElse(text)
                : text;
    }
}
