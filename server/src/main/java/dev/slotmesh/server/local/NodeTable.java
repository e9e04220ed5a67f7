package dev.slotmesh.server.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** CLUSTER NODES as a table for people. */
final class NodeTable {
    private static final int FIELDS_BEFORE_SLOTS = 8;

    private record Row(String address, String role, String id, String slots) {}

    private NodeTable() {}

    static String of(String nodesText) {
        List<Row> rows = new ArrayList<>();
        for (String line : nodesText.split("\n")) {
            String[] fields = line.split(" ");
            String address = fields[1].substring(0, fields[1].indexOf('@'));
            String role = fields[2].contains("slave") ? "replica" : "primary";
            List<String> slots = List.of(fields).subList(FIELDS_BEFORE_SLOTS, fields.length);
            rows.add(new Row(address, role, fields[0], String.join(" ", slots)));
        }
        rows.sort(Comparator.comparing(Row::address));
        StringBuilder table = new StringBuilder();
        table.append(format("node", "role", "slots", "id"));
        for (Row row : rows) {
            table.append(format(row.address(), row.role(), row.slots(), row.id()));
        }
        return table.toString();
    }

    private static String format(String address, String role, String slots, String id) {
        return String.format(Locale.ROOT, "  %-16s %-8s %-13s %s%n", address, role, slots, id);
    }
}
