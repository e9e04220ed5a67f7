package dev.slotmesh.gossip;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotRange;
import dev.slotmesh.bus.SlotSet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads one nodes.conf; used once. */
final class NodesConfReader {
    private static final int FIELDS_BEFORE_SLOTS = 8;
    private static final int DEFAULT_BUS_PORT_OFFSET = 10_000;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOSTNAME = 255;

    private final List<StoredNode> nodes = new ArrayList<>();
    private final Set<NodeId> seen = new HashSet<>();
    private long currentEpoch;
    private long lastVoteEpoch;
    private NodeId shardId = NodeId.NONE;
    private final SortedMap<NodeId, Long> forgotten = new TreeMap<>();
    private final List<NodeId> unconfirmed = new ArrayList<>();
    private final List<ExportView> exports = new ArrayList<>();
    private final List<ImportView> imports = new ArrayList<>();
    private int line;

    NodesConf.Parsed read(String text) {
        try {
            for (String content : text.split("\n", -1)) {
                line++;
                List<String> fields = fields(content);
                if (fields.isEmpty()) {
                    continue;
                }
                if (fields.get(0).equals("vars")) {
                    vars(fields);
                } else {
                    node(fields);
                }
            }
        } catch (Damage damage) {
            return new NodesConf.Parsed.Corrupt(line, damage.getMessage());
        }
        if (nodes.stream()
                        .filter(node -> (node.flags() & NodeFlags.MYSELF) != 0)
                        .count()
                != 1) {
            return new NodesConf.Parsed.Corrupt(0, "not exactly one line is flagged myself");
        }
        return new NodesConf.Parsed.Loaded(new ClusterConfiguration(
                nodes,
                currentEpoch,
                lastVoteEpoch,
                new PrivateVars(shardId, forgotten, unconfirmed, exports, imports),
                true));
    }

    private void vars(List<String> fields) throws Damage {
        if (fields.size() % 2 == 0) {
            throw new Damage("a vars line without a value for each name");
        }
        for (int i = 1; i < fields.size(); i += 2) {
            String value = fields.get(i + 1);
            switch (fields.get(i)) {
                case "currentEpoch" -> currentEpoch = unsigned(value);
                case "lastVoteEpoch" -> lastVoteEpoch = unsigned(value);
                case NodesText.SHARD_ID -> shardId = nodeId(value);
                case NodesText.FORGOTTEN -> forgotten(value);
                case NodesText.UNCONFIRMED -> unconfirmed(value);
                case NodesText.EXPORTS -> exports(value);
                case NodesText.IMPORTS -> imports(value);
                default -> {
                    // Names of later versions are none of our business.
                }
            }
        }
    }

    /** {@code id:untilMs[,id:untilMs...]}. */
    private void forgotten(String value) throws Damage {
        for (String one : value.split(",", -1)) {
            int colon = one.indexOf(':');
            if (colon < 0) {
                throw new Damage("a forgotten node without its time");
            }
            long untilMs = unsigned(one.substring(colon + 1));
            forgotten.put(nodeId(one.substring(0, colon)), Math.max(0, untilMs));
        }
    }

    private void unconfirmed(String value) throws Damage {
        for (String one : value.split(",", -1)) {
            unconfirmed.add(nodeId(one));
        }
    }

    /** {@code name:target:epoch:slots[,...]}, slots as {@code 1+5-9}. */
    private void exports(String value) throws Damage {
        for (String one : value.split(",", -1)) {
            String[] parts = parts(one, 4);
            exports.add(new ExportView(
                    nodeId(parts[0]).toString(),
                    slots(parts[3]),
                    nodeId(parts[1]),
                    ExportView.State.HANDED_OVER,
                    unsigned(parts[2])));
        }
    }

    /** {@code name:source:slots[,...]}. */
    private void imports(String value) throws Damage {
        for (String one : value.split(",", -1)) {
            String[] parts = parts(one, 3);
            imports.add(new ImportView(
                    nodeId(parts[0]).toString(),
                    slots(parts[2]),
                    nodeId(parts[1]),
                    ImportView.State.ABANDONED));
        }
    }

    private static String[] parts(String text, int count) throws Damage {
        String[] parts = text.split(":", -1);
        if (parts.length != count) {
            throw new Damage("not slots on their way: " + text);
        }
        return parts;
    }

    private static SlotSet slots(String text) throws Damage {
        SlotSet slots = new SlotSet();
        for (String one : text.split("\\+", -1)) {
            SlotRange range = range(one);
            slots.setRange(range.first(), range.last());
        }
        return slots;
    }

    private void node(List<String> fields) throws Damage {
        if (fields.size() < FIELDS_BEFORE_SLOTS) {
            throw new Damage("fewer than 8 fields");
        }
        NodeId id = nodeId(fields.get(0));
        if (!seen.add(id)) {
            throw new Damage("a second line for node " + id);
        }
        int flags = flags(fields.get(2));
        NodeId primary = fields.get(3).equals("-") ? NodeId.NONE : nodeId(fields.get(3));
        boolean follows = !primary.isNone() && (flags & NodeFlags.REPLICA) != 0;
        SlotSet slots = new SlotSet();
        SortedMap<Integer, NodeId> migrating = new TreeMap<>();
        SortedMap<Integer, NodeId> importing = new TreeMap<>();
        for (String field : fields.subList(FIELDS_BEFORE_SLOTS, fields.size())) {
            if (field.startsWith("[")) {
                openSlot(field, migrating, importing);
            } else {
                SlotRange range = range(field);
                slots.setRange(range.first(), range.last());
            }
        }
        nodes.add(new StoredNode(
                id,
                address(fields.get(1)),
                flags,
                follows ? primary : NodeId.NONE,
                !fields.get(4).equals("0"),
                !fields.get(5).equals("0"),
                follows ? 0 : unsigned(fields.get(6)),
                slots,
                Collections.unmodifiableSortedMap(migrating),
                Collections.unmodifiableSortedMap(importing)));
    }

    /** {@code ip:port[@busport][,hostname[,key=value...]]}; the last colon splits, so IPv6 needs no brackets. */
    private static NodeAddress address(String field) throws Damage {
        String[] parts = field.split(",", -1);
        String hostname = parts.length > 1 ? parts[1] : "";
        if (hostname.length() > MAX_HOSTNAME || hostname.contains("=")) {
            hostname = "";
        }
        int colon = parts[0].lastIndexOf(':');
        if (colon < 0) {
            throw new Damage("an address without port");
        }
        String ip = parts[0].substring(0, colon);
        if (!ip.isEmpty() && !Literals.isAddress(ip)) {
            throw new Damage("not an address: " + ip);
        }
        String ports = parts[0].substring(colon + 1);
        int at = ports.indexOf('@');
        int port = port(at < 0 ? ports : ports.substring(0, at));
        int busPort = at < 0 ? port + DEFAULT_BUS_PORT_OFFSET : port(ports.substring(at + 1));
        if (busPort > MAX_PORT) {
            throw new Damage("a bus port beyond 65535");
        }
        return new NodeAddress(ip, port, 0, busPort, hostname);
    }

    private static int flags(String field) throws Damage {
        int flags = 0;
        for (String name : field.split(",", -1)) {
            int flag = name.equals(NodesText.NO_FLAGS) ? 0 : -1;
            for (int i = 0; i < NodesText.FLAG_NAMES.length; i++) {
                flag = NodesText.FLAG_NAMES[i].equals(name) ? NodesText.PRINTED_FLAGS[i] : flag;
            }
            if (flag < 0) {
                throw new Damage("unknown flag " + name);
            }
            flags |= flag;
        }
        return flags;
    }

    /** {@code [slot->-id]} or {@code [slot-<-id]}. */
    private static void openSlot(
            String field,
            SortedMap<Integer, NodeId> migrating,
            SortedMap<Integer, NodeId> importing)
            throws Damage {
        int dash = field.indexOf('-');
        boolean shaped = dash > 1
                && field.endsWith("]")
                && field.length() > dash + 4
                && field.charAt(dash + 2) == '-';
        if (!shaped) {
            throw new Damage("not an open slot: " + field);
        }
        int slot = slot(field.substring(1, dash));
        NodeId peer = nodeId(field.substring(dash + 3, field.length() - 1));
        switch (field.charAt(dash + 1)) {
            case '>' -> migrating.put(slot, peer);
            case '<' -> importing.put(slot, peer);
            default -> throw new Damage("not an open slot: " + field);
        }
    }

    private static SlotRange range(String field) throws Damage {
        int dash = field.indexOf('-');
        int first = slot(dash < 0 ? field : field.substring(0, dash));
        int last = dash < 0 ? first : slot(field.substring(dash + 1));
        if (last < first) {
            throw new Damage("a slot range that ends before it starts: " + field);
        }
        return new SlotRange(first, last);
    }

    private static int slot(String text) throws Damage {
        long slot = unsigned(text);
        if (slot < 0 || slot >= SlotSet.SLOT_COUNT) {
            throw new Damage("slot out of range: " + text);
        }
        return (int) slot;
    }

    private static int port(String text) throws Damage {
        long port = unsigned(text);
        if (port < 0 || port > MAX_PORT) {
            throw new Damage("port out of range: " + text);
        }
        return (int) port;
    }

    private static long unsigned(String text) throws Damage {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new Damage("not a number: " + text);
        }
    }

    private static NodeId nodeId(String text) throws Damage {
        if (!NodeId.isWellFormed(text)) {
            throw new Damage("not a node ID: " + text);
        }
        return NodeId.parse(text);
    }

    /** The fields of a line, separated by blanks; quotes may surround a field, as Redis's own reader allows. */
    private static List<String> fields(String content) throws Damage {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at < content.length()) {
            char first = content.charAt(at);
            if (first <= ' ') {
                at++;
            } else if (first == '"' || first == '\'') {
                int end = content.indexOf(first, at + 1);
                if (end < 0 || (end + 1 < content.length() && content.charAt(end + 1) > ' ')) {
                    throw new Damage("unbalanced quotes");
                }
                fields.add(content.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < content.length() && content.charAt(end) > ' ') {
                    end++;
                }
                fields.add(content.substring(at, end));
                at = end;
            }
        }
        return fields;
    }

    /** Why a text is not a nodes.conf; costs the start of the node. Never leaves this class. */
    private static final class Damage extends Exception {
        private static final long serialVersionUID = 1L;

        Damage(String reason) {
            super(reason, null, false, false);
        }
    }
}
