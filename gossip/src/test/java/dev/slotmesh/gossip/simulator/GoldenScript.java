package dev.slotmesh.gossip.simulator;

import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotRange;
import dev.slotmesh.gossip.NodeView;
import dev.slotmesh.gossip.Notice;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs a script of operator commands against a simulated cluster and writes down what an operator would see: each command,
 * then the log lines of the nodes while it ran, then what was asked for. Links take 1 ms, ids are shown as n1, n2, ...
 *
 * <pre>
 * nodes 3            start nodes n1 to n3              meet 1 2        CLUSTER MEET of n2 at n1
 * run 500            let 500 ms pass                   show 1          CLUSTER NODES at n1, without times
 * slots 1 0-99       CLUSTER ADDSLOTS at n1            forget 1 3      CLUSTER FORGET of n3 at n1
 * kill 2, start 2    end and start the process of n2   cut 2           cut n2 off from the others
 * heal               reconnect all                     reset 1 hard    CLUSTER RESET at n1
 * </pre>
 */
final class GoldenScript {
    private static final NodeSettings SETTINGS = NodeSettings.withNodeTimeoutMs(5_000);

    private final Simulation simulation = new Simulation(1);
    private final StringBuilder transcript = new StringBuilder();
    private final List<Integer> shownNotices = new ArrayList<>();
    private final List<NodeId> ids = new ArrayList<>();

    GoldenScript() {
        simulation.network().conditions(Conditions.of(Latency.between(1_000, 1_000)));
    }

    /** The commands of a transcript, each followed by what it yields now. */
    static String replay(String recorded) {
        GoldenScript script = new GoldenScript();
        for (String line : recorded.split("\n", -1)) {
            if (line.startsWith("#")) {
                script.transcript.append(line).append('\n');
            } else if (line.startsWith("> ")) {
                script.transcript.append('\n').append(line).append('\n');
                script.perform(line.substring(2).split(" "));
                script.writeNotices();
            }
        }
        return script.transcript.toString();
    }

    private void perform(String[] words) {
        switch (words[0]) {
            case "nodes" -> addNodes(Integer.parseInt(words[1]));
            case "meet" -> node(words[1]).meet(node(words[2]));
            case "run" -> simulation.runFor(Long.parseLong(words[1]));
            case "show" -> show(node(words[1]));
            case "slots" -> addSlots(node(words[1]), words[2]);
            case "forget" -> node(words[1]).forget(ids.get(Integer.parseInt(words[2]) - 1));
            case "kill" -> node(words[1]).kill();
            case "start" -> node(words[1]).start();
            case "cut" -> {
                SimulatedNode lonely = node(words[1]);
                simulation.network().cut((from, to) -> (from == lonely) != (to == lonely));
            }
            case "heal" -> simulation.network().heal();
            case "reset" -> node(words[1]).reset(words[2].equals("hard"));
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        }
    }

    private void addNodes(int count) {
        for (int i = 0; i < count; i++) {
            SimulatedNode node = simulation.add(NodeKind.SLOTMESH, SETTINGS).start();
            shownNotices.add(0);
            ids.add(node.id());
        }
    }

    private static void addSlots(SimulatedNode node, String range) {
        String[] ends = range.split("-");
        node.addSlots(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    private SimulatedNode node(String number) {
        return simulation.node(Integer.parseInt(number) - 1);
    }

    private void show(SimulatedNode node) {
        Outlook outlook = node.machine().described();
        List<String> lines = new ArrayList<>();
        for (NodeView entry : outlook.nodes()) {
            StringBuilder line =
                    new StringBuilder("  ").append(named(entry.id().toString())).append(' ');
            line.append(node.machine().describe(entry).split(" ")[2])
                    .append(" epoch ")
                    .append(entry.configEpoch());
            line.append(entry.linkConnected() ? " connected" : " disconnected");
            for (SlotRange range : entry.slots().ranges()) {
                line.append(' ').append(range);
            }
            lines.add(line.toString());
        }
        lines.sort(null);
        transcript.append("  state ").append(outlook.stateOk() ? "ok" : "fail");
        transcript.append(", currentEpoch ").append(outlook.currentEpoch()).append('\n');
        lines.forEach(line -> transcript.append(line).append('\n'));
    }

    private void writeNotices() {
        for (int i = 0; i < simulation.nodes().size(); i++) {
            List<Notice> notices = simulation.node(i).notices();
            for (Notice notice : notices.subList(shownNotices.get(i), notices.size())) {
                if (notice.level() != Notice.Level.DEBUG) {
                    transcript
                            .append("  n")
                            .append(i + 1)
                            .append(": ")
                            .append(named(notice.text()))
                            .append('\n');
                }
            }
            shownNotices.set(i, notices.size());
        }
    }

    private String named(String text) {
        String named = text;
        for (int i = 0; i < ids.size(); i++) {
            named = named.replace(ids.get(i).toString(), "n" + (i + 1));
        }
        return named.replaceAll("\\b[0-9a-f]{40}\\b", "(a random id)");
    }
}
