package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.KeyVisitor;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.memory.ByteSpan;
import dev.slotmesh.server.session.DeferredArray;
import dev.slotmesh.server.text.Glob;

import java.util.Optional;

/** Adds the keys of a walk that match a pattern and a type to a reply. */
final class KeyFilter implements KeyVisitor {
    private final DeferredArray accepted;
    private final ByteSpan key = new ByteSpan();
    private byte[] text = new byte[64];
    private Optional<Glob> pattern = Optional.empty();
    private Optional<String> type = Optional.empty();

    KeyFilter(DeferredArray accepted) {
        this.accepted = accepted;
    }

    /** Accepts only keys that match this pattern. */
    void pattern(byte[] glob) {
        pattern = Optional.of(Glob.compile(glob)).filter(compiled -> !compiled.matchesEverything());
    }

    /** Accepts only keys of this type, in any case; a word that names none accepts nothing. */
    void type(String name) {
        type = Optional.of(name);
    }

    @Override
    public void visit(Slot slot, long entry) {
        slot.key(entry, key);
        if (hasType(slot.type(entry)) && matches()) {
            accepted.add(key);
        }
    }

    /** Whether a key matches the pattern, whatever its type: what SCAN deletes when it meets it past its time. */
    boolean hasName(Slot slot, long entry) {
        slot.key(entry, key);
        return matches();
    }

    private boolean hasType(KeyType present) {
        return type.isEmpty() || present.wireName().equalsIgnoreCase(type.get());
    }

    private boolean matches() {
        if (pattern.isEmpty()) {
            return true;
        }
        int length = key.length();
        if (length > text.length) {
            text = new byte[Math.max(length, 2 * text.length)];
        }
        key.copyTo(0, length, text, 0);
        return pattern.get().matches(text, 0, length);
    }
}
