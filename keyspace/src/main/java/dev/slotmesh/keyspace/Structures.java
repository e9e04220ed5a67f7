package dev.slotmesh.keyspace;

import dev.slotmesh.keyspace.list.QuicklistStructure;
import dev.slotmesh.keyspace.memory.EntryStore;
import dev.slotmesh.keyspace.memory.Structure;
import dev.slotmesh.keyspace.packed.IntsetStructure;
import dev.slotmesh.keyspace.packed.PackedStructure;
import dev.slotmesh.keyspace.stream.StreamStructure;
import dev.slotmesh.keyspace.table.TableStructure;
import dev.slotmesh.keyspace.tree.SortedTableStructure;

/** Which {@link Structure} lies below the entries of each type and encoding. */
final class Structures {
    private static final int ENCODINGS = 16;

    private final Structure[] byKind = new Structure[KeyType.values().length * ENCODINGS];

    /** Those of all data types. */
    static Structures ofAllTypes() {
        Structure packed = new PackedStructure();
        Structure table = new TableStructure();
        return new Structures()
                .with(KeyType.SET, ValueEncoding.INTSET, new IntsetStructure())
                .with(KeyType.HASH, ValueEncoding.LISTPACK, packed)
                .with(KeyType.HASH, ValueEncoding.LISTPACK_EX, table)
                .with(KeyType.HASH, ValueEncoding.HASHTABLE, table)
                .with(KeyType.STREAM, ValueEncoding.STREAM, new StreamStructure())
                .with(KeyType.LIST, ValueEncoding.QUICKLIST, new QuicklistStructure())
                .with(KeyType.SET, ValueEncoding.HASHTABLE, new TableStructure())
                .with(KeyType.ZSET, ValueEncoding.LISTPACK, new PackedStructure())
                .with(KeyType.ZSET, ValueEncoding.SKIPLIST, new SortedTableStructure());
    }

    /** The structure below an entry that is not a string. */
    Structure of(long entry) {
        return of(EntryStore.type(entry), EntryStore.encoding(entry));
    }

    Structure of(int type, int encoding) {
        Structure structure = byKind[type * ENCODINGS + encoding];
        if (structure == null) {
            throw new IllegalStateException(
                    "no structure of type " + type + " and encoding " + encoding);
        }
        return structure;
    }

    Structures with(KeyType type, ValueEncoding encoding, Structure structure) {
        byKind[type.code() * ENCODINGS + encoding.code()] = structure;
        return this;
    }
}
