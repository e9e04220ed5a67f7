package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.Effects;
import dev.slotmesh.gossip.LinkId;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * 64 bits that tell states of a {@link World} apart: two states with one fingerprint have the same future. It is made from every
 * object that can be reached from the machines, from what is under way, the clock and the faults used up. Names that mean
 * nothing by themselves, which are link numbers and the random ids of handshakes, are replaced by the order in which they are met with; so
 * the order in which links were made does not tell two states apart.
 *
 * <p>Left out is what nothing depends on: counters that are only shown, versions of views, views themselves, and tables of
 * slots, since nobody owns a slot here. What is new in the machine is taken in by default: that can only make more states of one.
 */
final class Fingerprint {
    private static final Set<String> UNREAD_CLASSES = Set.of(
            "MessageCounters",
            "ViewBuilder",
            "ClusterView",
            "NodeView",
            "GossipSettings",
            "SlotTable");
    private static final Set<String> UNREAD_FIELDS = Set.of(
            "Gossip.configuration",
            "Settlement.version",
            "GossipSection.section",
            "Node.chosenIn",
            "Introductions.unconfirmed",
            "Introductions.unconfirmedLayout",
            "NodeTable.layoutVersion",
            "Links.lastNumber");
    /** Nothing asks for more than whether there was a packet, and a second one. */
    private static final Set<String> COUNTED_TO_TWO = Set.of("Link.packets");

    private static final Set<String> CLOCKWORK_CLASSES = Set.of("TickRules");

    /** Times and durations of a run are above and below this. */
    private static final long LEAST_TIME = World.START_MS / 1000;

    private static final Map<Class<?>, Shape> SHAPES = new HashMap<>();
    private static final Set<Field> SECOND_WAYS = new HashSet<>();

    private final Map<Object, Integer> visited = new IdentityHashMap<>();
    private final Map<NodeId, Integer> ids = new HashMap<>();
    private final Map<Long, Integer> links = new HashMap<>();
    private final boolean timeless;

    /** Whether a process may still be started again: only then its file matters. */
    private boolean restarts;

    private long hash = 0x9E3779B97F4A7C15L;

    private Fingerprint(boolean timeless) {
        this.timeless = timeless;
    }

    /** How objects of a class are taken in. */
    private enum Form {
        NUMBER,
        PLAIN,
        CONSTANT,
        NODE_ID,
        LINK_ID,
        SLOTS,
        RANDOM,
        PARTICIPANT,
        COLLECTION,
        MAP,
        ARRAY,
        /** By its fields, wherever it is met with. */
        RECORD,
        /** By its fields, once; then by the order in which objects were met with. */
        OBJECT,
        /** Counts time: nothing when times are taken as equal. */
        CLOCKWORK,
        UNREAD
    }

    private record Shape(Form form, List<Read> reads) {}

    /** A field of a class and how it is read. */
    private record Read(Field field, Class<?> type, boolean toTwo) {
        /** The part of the machine it leads to for good, or null. */
        Object part(Object owner) {
            if (!Modifier.isFinal(field.getModifiers()) || type.isPrimitive()) {
                return null;
            }
            try {
                Object value = field.get(owner);
                Form form = value == null ? Form.UNREAD : shape(value).form();
                return form == Form.OBJECT || form == Form.RECORD ? value : null;
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The fingerprint of a state. */
    static long of(World world) {
        return new Fingerprint(false).world(world);
    }

    /** The same with all times taken as equal: what is left is who knows whom, how, and what is under way. */
    static long withoutTimes(World world) {
        return new Fingerprint(true).world(world);
    }

    private long world(World world) {
        World.Spent spent = world.spent;
        Scenario.Faults limit = world.scenario.faults();
        restarts = spent.total < limit.total() && spent.restarts < limit.restarts();
        add(timeless ? 0 : world.nowMs);
        add(world.meetsDone);
        add(spent.total);
        add(((spent.losses * 31L + spent.duplicates) * 31 + spent.cuts) * 31 + spent.delays);
        add(spent.restarts);
        for (World.Host host : world.hosts) {
            ids.put(host.id, ids.size());
        }
        for (World.Host host : world.hosts) {
            links.clear();
            add(timeless ? 0 : host.nextTickMs);
            value(host.met);
            value(host.participant);
            // Each open end is a link of its process: the process names it in an order that does
            // not depend on the past.
            List<Connection.End> ends = new ArrayList<>(host.ends.values());
            for (Connection.End end : ends) {
                visited.put(end, link(end.link));
            }
            ends.sort(Comparator.comparingInt(visited::get));
            for (Connection.End end : ends) {
                end(end);
            }
        }
        return hash;
    }

    private void end(Connection.End end) {
        Connection connection = end.connection;
        add(visited.get(end));
        add((connection.established ? 4 : 0)
                + (end.ending ? 2 : 0)
                + (connection.opener == end ? 1 : 0));
        add(end.peer.host);
        add(end.peer.open && visited.containsKey(end.peer) ? visited.get(end.peer) : -1);
        add(end.incoming.size());
        for (BusMessage message : end.incoming) {
            value(message);
        }
    }

    private void value(Object value) {
        if (value == null) {
            add(-7);
            return;
        }
        Shape shape = shape(value);
        switch (shape.form()) {
            case NUMBER -> time(((Number) value).longValue());
            case PLAIN -> add(value.hashCode());
            case CONSTANT -> add(((Enum<?>) value).ordinal());
            case NODE_ID -> add(id((NodeId) value));
            case LINK_ID -> add(link(((LinkId) value).number()));
            case SLOTS -> add(((SlotSet) value).isEmpty() ? 0 : value.hashCode());
            case RANDOM -> add(timeless ? 0 : ((Dealt) value).state());
            case PARTICIPANT -> participant((SlotmeshParticipant) value);
            case COLLECTION -> elements((Collection<?>) value);
            case MAP -> entries((Map<?, ?>) value);
            case ARRAY -> array(value);
            case RECORD -> fields(value, shape);
            case OBJECT -> object(value, shape);
            case CLOCKWORK -> {
                if (!timeless) {
                    object(value, shape);
                }
            }
            case UNREAD -> {
                // Leads out of the machine, or nothing depends on it.
            }
        }
    }

    private void participant(SlotmeshParticipant participant) {
        if (SECOND_WAYS.isEmpty()) {
            SECOND_WAYS.addAll(secondWays(participant.machine()));
            SHAPES.clear();
        }
        value(participant.machine());
        value(participant.told());
        if (restarts) {
            value(participant.stored());
        }
    }

    private void elements(Collection<?> collection) {
        add(collection.size());
        for (Object element : collection) {
            value(element);
        }
    }

    /** A map without order of its own is taken in the order of what its keys stand for. */
    private void entries(Map<?, ?> map) {
        add(map.size());
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (!(map instanceof SortedMap)) {
            entries.sort(Comparator.comparingLong(entry -> rank(entry.getKey())));
        }
        for (Map.Entry<?, ?> entry : entries) {
            value(entry.getKey());
            value(entry.getValue());
        }
    }

    private long rank(Object key) {
        if (key instanceof LinkId link) {
            Integer known = links.get(link.number());
            return known == null ? Integer.MAX_VALUE + link.number() : known;
        }
        if (key instanceof NodeId id) {
            Integer known = ids.get(id);
            return known == null ? Integer.MAX_VALUE + (id.hashCode() & 0xffffffffL) : known;
        }
        return key instanceof Number number ? number.longValue() : key.hashCode();
    }

    private void array(Object array) {
        int length = Array.getLength(array);
        add(length);
        for (int i = 0; i < length; i++) {
            value(Array.get(array, i));
        }
    }

    private void object(Object object, Shape shape) {
        Integer before = visited.putIfAbsent(object, visited.size());
        if (before == null) {
            fields(object, shape);
        } else {
            add(before);
        }
    }

    private void fields(Object object, Shape shape) {
        try {
            for (Read read : shape.reads()) {
                field(object, read);
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private void field(Object object, Read read) throws IllegalAccessException {
        if (read.type() == long.class) {
            long number = read.field().getLong(object);
            time(read.toTwo() ? Math.min(number, 2) : number);
        } else if (read.type() == int.class) {
            add(read.field().getInt(object));
        } else if (read.type() == boolean.class) {
            add(read.field().getBoolean(object) ? 1 : 0);
        } else {
            value(read.field().get(object));
        }
    }

    private static Shape shape(Object value) {
        Shape shape = SHAPES.get(value.getClass());
        if (shape == null) {
            Form form = form(value);
            boolean read = form == Form.RECORD || form == Form.OBJECT || form == Form.CLOCKWORK;
            shape = new Shape(form, read ? reads(value.getClass()) : List.of());
            SHAPES.put(value.getClass(), shape);
        }
        return shape;
    }

    private static Form form(Object value) {
        if (value instanceof Number) {
            return Form.NUMBER;
        } else if (value instanceof String || value instanceof Boolean) {
            return Form.PLAIN;
        } else if (value instanceof Enum) {
            return Form.CONSTANT;
        } else if (value instanceof NodeId) {
            return Form.NODE_ID;
        } else if (value instanceof LinkId) {
            return Form.LINK_ID;
        } else if (value instanceof SlotSet) {
            return Form.SLOTS;
        } else if (value instanceof Dealt) {
            return Form.RANDOM;
        } else if (value instanceof SlotmeshParticipant) {
            return Form.PARTICIPANT;
        } else if (value instanceof Collection) {
            return Form.COLLECTION;
        } else if (value instanceof Map) {
            return Form.MAP;
        }
        return formOfClass(value);
    }

    private static Form formOfClass(Object value) {
        Class<?> type = value.getClass();
        String name = type.getSimpleName();
        if (value instanceof Effects || value instanceof Wires || UNREAD_CLASSES.contains(name)) {
            return Form.UNREAD;
        } else if (CLOCKWORK_CLASSES.contains(name)) {
            return Form.CLOCKWORK;
        } else if (type.isArray()) {
            return Form.ARRAY;
        }
        return type.isRecord() ? Form.RECORD : Form.OBJECT;
    }

    /**
     * The parts of a machine hold each other, and each part once is enough. Finds the fields that lead, in every machine alike, to a part
     * another field leads to.
     */
    private static Set<Field> secondWays(Object machine) {
        Set<Field> second = new HashSet<>();
        Map<Object, Field> first = new IdentityHashMap<>();
        Map<Class<?>, Integer> instances = new HashMap<>();
        Deque<Object> open = new ArrayDeque<>(List.of(machine));
        while (!open.isEmpty()) {
            Object object = open.pop();
            instances.merge(object.getClass(), 1, Integer::sum);
            for (Read read : shape(object).reads()) {
                Object part = read.part(object);
                if (part != null && first.putIfAbsent(part, read.field()) == null) {
                    open.add(part);
                } else if (part != null) {
                    second.add(read.field());
                }
            }
        }
        second.removeIf(field -> instances.get(field.getDeclaringClass()) > 1
                || instances.get(field.getType()) != 1);
        return second;
    }

    private static List<Read> reads(Class<?> type) {
        if (type.getName().startsWith("java.")) {
            throw new AssertionError("the fingerprint has to be taught about " + type);
        }
        List<Read> reads = new ArrayList<>();
        for (Class<?> each = type;
                each != null && each != Object.class;
                each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                String name = each.getSimpleName() + '.' + field.getName();
                boolean unread = Modifier.isStatic(field.getModifiers())
                        || UNREAD_FIELDS.contains(name)
                        || SECOND_WAYS.contains(field)
                        || UNREAD_CLASSES.contains(field.getType().getSimpleName());
                if (!unread) {
                    field.setAccessible(true);
                    reads.add(new Read(field, field.getType(), COUNTED_TO_TWO.contains(name)));
                }
            }
        }
        return reads;
    }

    private int id(NodeId id) {
        Integer known = ids.get(id);
        if (known == null) {
            known = ids.size();
            ids.put(id, known);
        }
        return known;
    }

    private int link(long number) {
        Integer known = links.get(number);
        if (known == null) {
            known = links.size();
            links.put(number, known);
        }
        return known;
    }

    private void time(long number) {
        add(timeless && number >= LEAST_TIME ? LEAST_TIME : number);
    }

    private void add(long number) {
        hash = (hash ^ number) * 0xBF58476D1CE4E5B9L;
        hash ^= hash >>> 29;
    }
}
