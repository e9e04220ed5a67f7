package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeFlags;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A path in words: each choice, and how the node tables stand after it. */
final class Script {
    private final World world;
    private final List<String> lines = new ArrayList<>();

    private Script(Scenario scenario) {
        world = new World(scenario);
        line(meet(scenario.past()));
    }

    /** The choices of that path. */
    static List<String> of(Scenario scenario, byte[] path) {
        return new Script(scenario).walk(path).lines;
    }

    /** The choices of that path, and what the nodes come to when the network behaves afterwards. */
    static List<String> settled(Scenario scenario, byte[] path) {
        Script script = new Script(scenario).walk(path);
        Settling settling = new Settling(script.world);
        String broken = settling.settle();
        if (broken == null) {
            settling.stays();
        }
        script.line("the network behaves from here on");
        return script.lines;
    }

    private Script walk(byte[] path) {
        for (byte number : path) {
            Choice choice = world.choices().get(number);
            String text = text(choice);
            world.apply(choice);
            line(text);
        }
        return this;
    }

    private void line(String text) {
        lines.add(String.format("%6d ms  %-44s %s", world.nowMs - World.START_MS, text, tables()));
    }

    private String text(Choice choice) {
        return switch (choice.kind()) {
            case MEET -> meet(world.meetsDone);
            case CONNECT -> "connected: " + connection(choice);
            case REFUSE -> "refused: " + connection(choice);
            case DELIVER -> message(choice) + " arrives";
            case LOSE -> message(choice) + " is lost";
            case DUPLICATE -> message(choice) + " arrives, not for the last time";
            case HANG_UP ->
                World.name(end(choice).host) + " notices the end of " + connection(choice);
            case CUT -> "cut: " + connection(choice);
            case TICK -> "tick";
            case DELAY -> "everything is late";
            case RESTART -> World.name(choice.subject()) + " restarts";
        };
    }

    private String meet(int number) {
        Scenario.Meet meet = world.scenario.meets().get(number);
        return "operator: " + World.name(meet.asked()) + " meets " + World.name(meet.met());
    }

    private Connection.End end(Choice choice) {
        return world.connections.get(choice.subject()).end(choice.end());
    }

    private String connection(Choice choice) {
        Connection connection = world.connections.get(choice.subject());
        return World.name(connection.opener.host) + ">" + World.name(connection.acceptor.host)
                + " #" + connection.opener.link;
    }

    private String message(Choice choice) {
        Connection.End end = end(choice);
        BusMessage message = end.incoming.peek();
        String kind = message instanceof BusMessage.Typed typed
                ? typed.type().toString()
                : message.getClass().getSimpleName();
        return kind + " to " + World.name(end.host) + " on " + connection(choice);
    }

    /** {@code A[B? C] B[]}: whom each lists, with a question mark while in handshake and an exclamation mark for the MEET flag. */
    private String tables() {
        StringJoiner text = new StringJoiner(" ");
        for (World.Host host : world.hosts) {
            StringJoiner table = new StringJoiner(" ", World.name(host.number) + "[", "]");
            for (Participant.Entry entry : host.participant.entries()) {
                if (!NodeFlags.has(entry.flags(), NodeFlags.MYSELF)) {
                    table.add(entry(entry));
                }
            }
            text.add(table.toString());
            for (Participant.Told told : host.participant.told()) {
                text.add("\"" + told.outcome() + "\"");
            }
        }
        return text.toString();
    }

    private String entry(Participant.Entry entry) {
        boolean handshake = Properties.inHandshake(entry);
        String name = "?";
        for (World.Host host : world.hosts) {
            name = host.ip.equals(entry.ip()) ? World.name(host.number) : name;
        }
        return name
                + (handshake ? "?" : "")
                + (NodeFlags.has(entry.flags(), NodeFlags.MEET) ? "!" : "");
    }
}
