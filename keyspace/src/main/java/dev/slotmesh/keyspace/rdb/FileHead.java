package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.memory.ByteSpan;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a file has beside keys: its version, what it tells of itself, libraries of functions, data of modules. */
final class FileHead {
    private static final String REDIS = "REDIS";
    private static final String VALKEY = "VALKEY";
    private static final int DECIMAL = 10;
    /** More names and longer texts are passed over: no server writes them. */
    private static final int MOST_AUX = 64;

    private static final int LONGEST_AUX = 1024;
    private static final int MOST_LIBRARY_BYTES = 64 << 20;
    private static final String MODULE_NAME_CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int MODULE_NAME_LENGTH = 9;
    private static final int MODULE_VERSION_BITS = 10;

    private final RdbLoadListener listener;
    private final Map<String, String> aux = new LinkedHashMap<>();
    private Libraries libraries = Libraries.NONE;
    private final ByteSpan text = new ByteSpan();
    private int libraryBytes;

    FileHead(RdbLoadListener listener) {
        this.listener = listener;
    }

    Map<String, String> aux() {
        return Collections.unmodifiableMap(aux);
    }

    Libraries libraries() {
        return libraries;
    }

    /** The version in the first bytes of a file, "REDIS" and four digits or "VALKEY" and three; -1 when they are others. */
    static int version(ByteSpan signature) {
        String told = latin(signature);
        String name = told.startsWith(REDIS) ? REDIS : VALKEY;
        if (!told.startsWith(name)) {
            return -1;
        }
        int version = 0;
        for (int i = name.length(); i < told.length(); i++) {
            int digit = Character.digit(told.charAt(i), DECIMAL);
            if (digit < 0) {
                return -1;
            }
            version = version * DECIMAL + digit;
        }
        // Valkey leaves Redis's name to versions that Redis could read.
        return name.equals(VALKEY) && version < RdbType.VALKEY ? -1 : version;
    }

    /** Reads the value of a text about the file whose name has been read. */
    void readAux(ByteSpan nameBytes, RdbReader in) {
        String name = shortText(nameBytes);
        String value = shortText(in.readString(text));
        if (name != null && value != null && aux.size() < MOST_AUX) {
            aux.put(name, value);
            listener.aux(name, value);
        }
    }

    void readLibrary(RdbReader in) {
        in.readString(text);
        require(
                text.length() <= MOST_LIBRARY_BYTES - libraryBytes,
                "libraries of functions too long");
        libraryBytes += text.length();
        byte[] source = text.toByteArray();
        require(!libraries.contains(source), "a library of functions twice");
        libraries = libraries.with(source);
    }

    /**
     * Passes over what a module has written beside its keys:
     *
     * <pre>
     *  F7 name and version of the module, 2, when, (1 or 2 length | 3 f32 | 4 f64 | 5 string)*, 0
     * </pre>
     */
    void skipModule(RdbReader in) {
        String name = moduleName(in.readNumber());
        require(in.readNumber() == 2, "data of a module in an unknown form");
        in.readNumber();
        long kind = in.readNumber();
        while (kind != 0) {
            switch ((int) Math.min(kind & Long.MAX_VALUE, Integer.MAX_VALUE)) {
                case 1, 2 -> in.readNumber();
                case 3 -> in.readInt();
                case 4 -> in.readLong();
                case 5 -> in.readString(text);
                default -> throw new RdbFormatException("data of a module in an unknown form");
            }
            kind = in.readNumber();
        }
        listener.warning("The RDB file contains AUX module data I can't load: no matching module '"
                + name + "', skipped");
    }

    private static String moduleName(long id) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < MODULE_NAME_LENGTH; i++) {
            int shift = MODULE_VERSION_BITS + 6 * (MODULE_NAME_LENGTH - 1 - i);
            name.append(MODULE_NAME_CHARACTERS.charAt((int) (id >>> shift) & 0x3F));
        }
        return name.toString();
    }

    private static String shortText(ByteSpan bytes) {
        return bytes.length() > LONGEST_AUX ? null : latin(bytes);
    }

    private static String latin(ByteSpan bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
    }
}
