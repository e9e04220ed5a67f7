package dev.slotmesh.keyspace.rdb;

import static dev.slotmesh.keyspace.rdb.RdbFormatException.require;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Libraries;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.memory.MemoryAhead;

/**
 * Loads an RDB file, or a stream of the same bytes, into a keyspace: versions 1 to 12 as Redis up to 7.4 writes them and 80 as
 * Valkey 9 does. One object reads one file, on one thread.
 *
 * <p>Every byte is taken as hostile. What is wrong costs the whole load; memory grows with the bytes that have come (with
 * compression at most 88 times as much), never with the numbers they tell.
 */
public final class RdbFileReader {
    private static final int PAGE_BYTES = 1 << 16;
    /** For less, no thread of its own reads ahead. */
    private static final int LEAST_BYTES_AHEAD = 1 << 20;

    private static final int SIGNATURE_BYTES = 9;
    private static final int NEWEST = 12;
    private static final int FIRST_WITH_CHECKSUM = 5;
    private static final int MOST_FREQUENT = 255;
    /** No key takes fewer bytes of a file: type, length of the key, length of the value. */
    private static final int LEAST_KEY_BYTES = 3;

    /** Replicas may go on with the data set of a file that has this field. */
    private static final String HISTORY = "repl-id";

    private final RdbReader in;
    private final long sourceBytes;
    private final Keyspace keyspace;
    private final RdbLoadSettings settings;
    private final FileHead head;
    private final KeyLoader keys;
    private final ByteSpan text = new ByteSpan();
    private int version;

    private RdbFileReader(
            RdbReader in, long sourceBytes, Keyspace keyspace, RdbLoadSettings settings) {
        this.in = in;
        this.sourceBytes = sourceBytes;
        this.keyspace = keyspace;
        this.settings = settings;
        this.head = new FileHead(settings.listener());
        this.keys = new KeyLoader(in, settings, keyspace.memoryAccount());
    }

    /**
     * Loads everything up to the file's end. Takes a slot's lock for each key, so commands may run meanwhile if the caller lets
     * them; the caller holds no lock, and nobody may write.
     *
     * @param into empty, unless duplicates are replaced
     * @throws RdbFormatException when the file is wrong or ends early, with the offset; the keyspace then has a part of it,
     *     which the caller removes
     */
    public static RdbFileSummary load(RdbSource source, Keyspace into, RdbLoadSettings settings) {
        if (source.length() < LEAST_BYTES_AHEAD) {
            return read(source, into, settings);
        }
        MemoryAhead memory = into.memoryAhead();
        try {
            return read(source, into, settings);
        } finally {
            memory.close();
        }
    }

    private static RdbFileSummary read(RdbSource source, Keyspace into, RdbLoadSettings settings) {
        try (RdbReader in = reader(source)) {
            RdbFileReader reader = new RdbFileReader(in, source.length(), into, settings);
            try {
                return reader.load();
            } catch (RdbFormatException wrong) {
                throw wrong.at(in.readBytes());
            } finally {
                reader.keys.close();
            }
        }
    }

    private static RdbReader reader(RdbSource source) {
        return source.length() < LEAST_BYTES_AHEAD
                ? new RdbReader(source, PAGE_BYTES)
                : new RdbReader(new PagesAhead(source));
    }

    private RdbFileSummary load() {
        readSignature();
        keys.database(database(0), version);
        int code = in.readByte();
        while (code != RdbOpcode.EOF) {
            if (code < RdbOpcode.FIRST) {
                keys.read(code);
                do {
                    settings.listener().progress(in.readBytes(), keys.stored());
                } while (keys.readMany());
            } else {
                readOther(code);
            }
            code = in.readByte();
        }
        keys.requireNothingAhead();
        if (version >= FIRST_WITH_CHECKSUM) {
            compareChecksum();
        }
        keepLibraries();
        settings.listener().progress(in.readBytes(), keys.stored());
        long bytes = in.readBytes();
        do {
            in.readAhead(text);
            if (text.length() > 0) {
                settings.listener().behind(text);
            }
        } while (in.hasPage());
        return new RdbFileSummary(
                version,
                head.aux(),
                head.libraries().sources().size(),
                keys.stored(),
                keys.expired(),
                keys.empty(),
                bytes);
    }

    private void readSignature() {
        in.readRaw(SIGNATURE_BYTES, text);
        version = FileHead.version(text);
        require(version >= 0, "not an RDB file: wrong signature");
        require(
                version >= 1 && version <= NEWEST || version == RdbType.VALKEY,
                "a version of the format that cannot be read: " + version);
    }

    private void readOther(int opcode) {
        switch (opcode) {
            case RdbOpcode.SELECT_DB -> {
                long number = in.readNumber();
                require(
                        number >= 0 && number < keyspace.databaseCount(),
                        "a database that this server does not have: "
                                + Long.toUnsignedString(number));
                keys.database(database((int) number), version);
            }
            case RdbOpcode.RESIZE_DB -> {
                long told = in.readNumber();
                in.readNumber();
                keys.expect(told < 0 ? 0 : Math.min(told, sourceBytes / LEAST_KEY_BYTES));
            }
            case RdbOpcode.SLOT_SIZE -> {
                in.readNumber();
                in.readNumber();
                in.readNumber();
            }
            case RdbOpcode.EXPIRE_TIME -> keys.deadline(1000L * in.readInt());
            case RdbOpcode.EXPIRE_TIME_MS -> keys.deadline(in.readLong());
            case RdbOpcode.IDLE -> keys.idleSeconds(in.readNumber());
            case RdbOpcode.FREQ -> keys.frequency(in.readByte() & MOST_FREQUENT);
            case RdbOpcode.AUX -> {
                in.readString(text);
                if (TimedFields.isName(text)) {
                    keys.fieldDeadlines(in.readString(text));
                    return;
                }
                head.readAux(text, in);
                if (head.aux().containsKey(HISTORY)) {
                    keys.keepExpired();
                }
            }
            case RdbOpcode.FUNCTION -> head.readLibrary(in);
            case RdbOpcode.FUNCTION_PRE_GA ->
                throw new RdbFormatException(
                        "a function in the form of a release candidate of Redis 7.0");
            case RdbOpcode.MODULE_AUX -> head.skipModule(in);
            default -> throw new RdbFormatException("an unknown type of record: " + opcode);
        }
    }

    private void keepLibraries() {
        if (head.libraries().isEmpty()) {
            return;
        }
        keyspace.locks().lockWorld();
        try {
            Libraries all = keyspace.libraries();
            for (byte[] source : head.libraries().sources()) {
                require(
                        settings.replaces() || !all.contains(source),
                        "a library of functions that is there already");
                all = all.with(source);
            }
            keyspace.libraries(all);
        } finally {
            keyspace.locks().unlockWorld();
        }
    }

    private Database database(int number) {
        // Databases change places under the world lock only.
        keyspace.locks().lock(0);
        try {
            return keyspace.database(number);
        } finally {
            keyspace.locks().unlock(0);
        }
    }

    private void compareChecksum() {
        long computed = in.checksum();
        long told = in.readLong();
        if (!settings.checksum()) {
            return;
        }
        if (told == 0) {
            settings.listener()
                    .notice("RDB file was saved with checksum disabled: no check performed.");
        } else {
            require(
                    told == computed,
                    String.format("wrong checksum: %016x told, %016x found", told, computed));
        }
    }
}
