package dev.slotmesh.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slotmesh.keyspace.ExpiryMode;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.SlotSelection;
import dev.slotmesh.keyspace.commands.SlotCommandForm;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.keyspace.rdb.KeyspaceSnapshot;
import dev.slotmesh.server.EmbeddedNode;
import dev.slotmesh.server.Node;
import dev.slotmesh.server.session.Applier;
import dev.slotmesh.server.session.EmbeddedConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What random lines have left in some slots goes as commands to a node that keeps these slots apart: it then has the same keys
 * with the same content, those whose time has passed included.
 */
@Timeout(300)
final class SlotCommandsTest {
    private static final int LINES = 1500;
    private static final int LINES_AT_A_TIME = 50;
    private static final int FEW_KEYS = 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {71, 72})
    void shouldMakeTheSameKeysElsewhere(long seed) throws Exception {
        try (Node source = start("source");
                Node target = start("target")) {
            try (Crowd crowd = new Crowd(source, new Words(new SplittableRandom(seed)))) {
                crowd.play(LINES);
                // The last lines may have emptied the database, or made room in it.
                while (source.keyspace().database(0).storedKeyCount() < FEW_KEYS) {
                    crowd.play(LINES_AT_A_TIME);
                }
            }
            new EmbeddedConnection(source.dispatcher()).call("CONFIG", "SET", "maxmemory", "0");
            BitSet slots = someSlots(new SplittableRandom(seed));
            apart(target.keyspace(), slots);

            Map<String, Long> sent = copy(source, target, slots);

            assertThat(sent).as("seed %d", seed).isNotEmpty();
            requireSame(source, target, sent, "seed " + seed);
        }
    }

    @Test
    void shouldKeepKeysAndFieldsPastTheirTime() throws Exception {
        try (Node source = start("source");
                Node target = start("target")) {
            EmbeddedConnection client = new EmbeddedConnection(source.dispatcher());
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.call("SET", "string", "v", "PX", "1");
            client.call("RPUSH", "list", "a", "b");
            client.call("PEXPIRE", "list", "1");
            client.call("HSET", "hash", "gone", "1", "stays", "2");
            client.call("HPEXPIRE", "hash", "1", "FIELDS", "1", "gone");
            client.call("SET", "later", "v", "EX", "1000");
            long until = System.currentTimeMillis() + 2;
            while (System.currentTimeMillis() < until) {
                Thread.onSpinWait();
            }
            BitSet slots = new BitSet();
            slots.set(0, HashSlot.SLOT_COUNT);
            apart(target.keyspace(), slots);

            Map<String, Long> sent = copy(source, target, slots);

            assertThat(sent).containsOnlyKeys("string", "list", "hash", "later");
            requireSame(source, target, sent, "all slots");
        }
    }

    @Test
    void shouldKeepWhatIsRestoredWithATimeThatHasPassed() throws Exception {
        try (Node target = start("target")) {
            EmbeddedConnection client = new EmbeddedConnection(target.dispatcher());
            client.call("SET", "from", "v");
            String dump = client.call("DUMP", "from");
            String payload = dump.substring(dump.indexOf('\n') + 1, dump.length() - 2);
            client.call("RESTORE", "to", "1", payload, "ABSTTL");
            assertThat(deadlines(target)).containsOnlyKeys("from");
            BitSet slots = new BitSet();
            slots.set(0, HashSlot.SLOT_COUNT);
            apart(target.keyspace(), slots);

            client.call("RESTORE", "to", "1", payload, "ABSTTL");

            assertThat(deadlines(target)).containsEntry("to", 1L);
        }
    }

    /** Both have the keys that were sent, with their deadlines and contents. */
    private static void requireSame(Node source, Node target, Map<String, Long> sent, String what) {
        assertThat(deadlines(source)).as(what).isEqualTo(sent);
        assertThat(deadlines(target)).as(what).isEqualTo(sent);
        assertThat(digest(target)).as(what).isEqualTo(digest(source));
    }

    private static String digest(Node node) {
        return new EmbeddedConnection(node.dispatcher()).call("DEBUG", "DIGEST").toString();
    }

    private Node start(String name) throws Exception {
        return EmbeddedNode.start(
                directory,
                "--databases",
                "1",
                "--logfile",
                directory.resolve(name).toString(),
                "--enable-debug-command",
                "yes");
    }

    private static BitSet someSlots(SplittableRandom random) {
        BitSet slots = new BitSet();
        for (int slot = 0; slot < HashSlot.SLOT_COUNT; slot++) {
            slots.set(slot, random.nextInt(4) > 0);
        }
        return slots;
    }

    private static void apart(Keyspace keyspace, BitSet slots) {
        keyspace.locks().lockWorld();
        slots.stream().forEach(slot -> keyspace.apart(slot, true));
        keyspace.locks().unlockWorld();
    }

    /** Has the source keep nothing but the keys of these slots, and those for ever, and returns them. */
    private static Map<String, Long> copy(Node source, Node target, BitSet slots) {
        Keyspace keyspace = source.keyspace();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<String, Long> sent;
        KeyspaceSnapshot snapshot;
        keyspace.locks().lockWorld();
        try {
            snapshot = KeyspaceSnapshot.begin(
                    keyspace,
                    SlotSelection.of(slots),
                    new SlotCommandForm(),
                    System.currentTimeMillis(),
                    KeyspaceSnapshot.Pace.NORMAL);
            keyspace.expiryMode(ExpiryMode.IGNORE);
            removeOthers(keyspace, slots);
            sent = deadlines(source);
        } finally {
            keyspace.locks().unlockWorld();
        }
        try (snapshot) {
            boolean more = true;
            while (more) {
                more = snapshot.writeSome(span -> bytes.writeBytes(span.toByteArray()));
            }
            assertThat(snapshot.keysWritten())
                    .isEqualTo(snapshot.keyCount())
                    .isEqualTo(sent.size());
        }
        apply(target, bytes.toByteArray());
        return sent;
    }

    private static void removeOthers(Keyspace keyspace, BitSet slots) {
        for (int number = 0; number < HashSlot.SLOT_COUNT; number++) {
            Slot slot = keyspace.database(0).slot(number);
            while (!slots.get(number) && slot.keyCount() > 0) {
                slot.removeEntry(slot.randomEntry());
            }
        }
    }

    /** Of all keys there are. */
    private static Map<String, Long> deadlines(Node node) {
        Map<String, Long> deadlines = new TreeMap<>();
        node.keyspace().database(0).forEachStored((slot, entry) -> {
            byte[] key = slot.key(entry, new ByteSpan()).toByteArray();
            deadlines.put(new String(key, StandardCharsets.ISO_8859_1), slot.expireAt(entry));
        });
        return deadlines;
    }

    private static void apply(Node target, byte[] commands) {
        List<String> failures = new ArrayList<>();
        ByteBuf in = Unpooled.directBuffer(Math.max(1, commands.length)).writeBytes(commands);
        try (Applier applier = target.dispatcher()
                .applier((command, error) -> failures.add(command.name() + ": " + error))) {
            assertThat(applier.apply(in)).isEqualTo(Applier.Outcome.MORE);
            assertThat(applier.consumedBytes()).isEqualTo(commands.length);
        } finally {
            in.release();
        }
        assertThat(failures).isEmpty();
    }
}
