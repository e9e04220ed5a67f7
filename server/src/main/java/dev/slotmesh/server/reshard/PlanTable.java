package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A plan as tables for people: what every primary has before and after it, and who gives what to whom. */
final class PlanTable {
    private static final String GAP = "  ";

    private PlanTable() {}

    /** A line for each primary. */
    static String ofPrimaries(ClusterMap before, ClusterMap after, Figures figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(withBytes(List.of("primary", "id", "slots", "keys"), figures, "memory"));
        for (Member primary : before.primaries()) {
            BitSet had = primary.slots();
            BitSet has = after.byId(primary.id()).orElseThrow().slots();
            List<String> row = List.of(
                    primary.address().toString(),
                    primary.shortId(),
                    change(Amounts.count(had.cardinality()), Amounts.count(has.cardinality())),
                    change(
                            Amounts.count(Figures.sum(figures.keys(), had)),
                            Amounts.count(Figures.sum(figures.keys(), has))));
            rows.add(withBytes(
                    row,
                    figures,
                    figures.bytes()
                            .map(bytes -> change(
                                    Amounts.bytes(Figures.sum(bytes, had)),
                                    Amounts.bytes(Figures.sum(bytes, has))))
                            .orElse("")));
        }
        return table(rows);
    }

    /** A line for each move, and for each the way in which it is done. */
    static String ofMoves(Stage stage, ClusterMap map, Figures figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(withBytes(List.of("from", "to", "how", "slots", "keys"), figures, "memory"));
        for (int at = 0; at < stage.plan().moves().size(); at++) {
            Move move = stage.plan().moves().get(at);
            List<String> row = List.of(
                    map.byId(move.sourceId()).orElseThrow().address().toString(),
                    map.byId(move.targetId()).orElseThrow().address().toString(),
                    stage.ways().get(at),
                    Amounts.count(move.slots().cardinality()),
                    Amounts.count(Figures.sum(figures.keys(), move.slots())));
            rows.add(withBytes(row, figures, bytes(figures.bytes(), move.slots())));
        }
        return table(rows);
    }

    private static String bytes(Optional<long[]> figures, BitSet slots) {
        return figures.map(bytes -> Amounts.bytes(Figures.sum(bytes, slots))).orElse("");
    }

    private static String change(String before, String after) {
        return before.equals(after) ? before : before + " -> " + after;
    }

    private static List<String> withBytes(List<String> row, Figures figures, String cell) {
        List<String> all = new ArrayList<>(row);
        if (figures.bytes().isPresent()) {
            all.add(cell);
        }
        return all;
    }

    /** Columns of amounts are set to the right. */
    private static String table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        boolean[] isAmount = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            String title = rows.get(0).get(column);
            isAmount[column] = List.of("slots", "keys", "memory").contains(title);
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream()
                .map(row -> line(row, widths, isAmount))
                .collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths, boolean[] isAmount) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String blanks = " ".repeat(widths[column] - row.get(column).length());
            line.append(GAP);
            line.append(isAmount[column] ? blanks + row.get(column) : row.get(column) + blanks);
        }
        return line.toString().stripTrailing();
    }
}
