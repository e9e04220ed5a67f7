package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.LinkContext;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a scenario, all that is under way between them, and the clock: everything that is explored. It cannot be copied, for
 * the machine cannot; a state is reached again by carrying out the same choices from the start.
 */
final class World {
    static final int PORT = 7000;
    static final int BUS_PORT = 17000;
    static final long START_MS = 1_700_000_000_000L;
    static final long TICK_MS = 100;
    /** A delay is longer than the handshake timeout, and than what is waited for beyond it. */
    private static final long DELAY_MS = Scenario.NODE_TIMEOUT_MS + 3 * TICK_MS;
    /** With nothing under way, ticks are one step until one does something, or this time is over. */
    private static final long QUIET_MS = 3 * Scenario.NODE_TIMEOUT_MS;

    final Scenario scenario;
    final List<Host> hosts = new ArrayList<>();
    final List<Connection> connections = new ArrayList<>();
    final Spent spent = new Spent();

    long nowMs = START_MS;
    /** How many of the operators' MEETs may have been carried out by now. */
    int meetsDue;
    /** How many have been. */
    int meetsDone;

    /** Counts what processes did to their connections; a change shows that a tick did something. */
    private long activity;

    /** Faults used on this path, by kind. */
    static final class Spent {
        int total;
        int losses;
        int duplicates;
        int cuts;
        int delays;
        int restarts;
    }

    /** A node with what the world keeps of it. */
    static final class Host {
        final int number;
        final String ip;
        final Map<Long, Connection.End> ends = new HashMap<>();
        /** Addresses its operator told it to meet, in this life of the process. */
        final List<String> met = new ArrayList<>();

        Participant participant;
        NodeId id;
        long nextTickMs;

        Host(int number) {
            this.number = number;
            this.ip = "10.0.0." + (number + 1);
        }
    }

    World(Scenario scenario) {
        this.scenario = scenario;
        int count = scenario.kinds().length();
        for (int i = 0; i < count; i++) {
            Host host = new Host(i);
            Wires wires = new HostWires(host);
            host.participant = scenario.kinds().charAt(i) == 'S'
                    ? new SlotmeshParticipant(i, Scenario.NODE_TIMEOUT_MS, wires)
                    : new StockParticipant(i, Scenario.NODE_TIMEOUT_MS, wires);
            host.participant.start(nowMs);
            host.id = host.participant.id();
            host.nextTickMs = nowMs + TICK_MS * (i + 1) / count;
            hosts.add(host);
        }
        for (meetsDue = 1; meetsDue <= scenario.past(); meetsDue++) {
            apply(Choice.of(Choice.Kind.MEET));
            String broken = new Settling(this).settle();
            if (broken != null) {
                throw new AssertionError("before the search begins: " + broken);
            }
        }
        meetsDue = scenario.meets().size();
        apply(Choice.of(Choice.Kind.MEET));
    }

    static String name(int host) {
        return String.valueOf((char) ('A' + host));
    }

    /** Everything that may happen next, in an order that depends on the state alone. */
    List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        if (meetsDone < meetsDue) {
            choices.add(Choice.of(Choice.Kind.MEET));
        }
        for (int i = 0; i < connections.size(); i++) {
            addArrivals(choices, i);
        }
        boolean busy = !choices.isEmpty();
        choices.add(Choice.of(Choice.Kind.TICK));
        Scenario.Faults limit = scenario.faults();
        if (spent.total < limit.total()) {
            for (int i = 0; i < connections.size(); i++) {
                addFaults(choices, i);
            }
            if (busy && spent.delays < limit.delays()) {
                choices.add(Choice.of(Choice.Kind.DELAY));
            }
            for (int i = 0; i < hosts.size() && spent.restarts < limit.restarts(); i++) {
                choices.add(Choice.of(Choice.Kind.RESTART, i));
            }
        }
        return choices;
    }

    private void addArrivals(List<Choice> choices, int index) {
        Connection connection = connections.get(index);
        if (!connection.established) {
            choices.add(Choice.of(Choice.Kind.CONNECT, index));
            return;
        }
        for (int number = 0; number < 2; number++) {
            Connection.End end = connection.end(number);
            if (end.open && !end.incoming.isEmpty()) {
                choices.add(new Choice(Choice.Kind.DELIVER, index, number));
            } else if (end.open && end.ending) {
                choices.add(new Choice(Choice.Kind.HANG_UP, index, number));
            }
        }
    }

    private void addFaults(List<Choice> choices, int index) {
        Connection connection = connections.get(index);
        Scenario.Faults limit = scenario.faults();
        boolean cuttable = spent.cuts < limit.cuts();
        if (!connection.established) {
            if (cuttable) {
                choices.add(Choice.of(Choice.Kind.REFUSE, index));
            }
            return;
        }
        for (int number = 0; number < 2; number++) {
            Connection.End end = connection.end(number);
            if (end.open && !end.incoming.isEmpty()) {
                if (spent.losses < limit.losses()) {
                    choices.add(new Choice(Choice.Kind.LOSE, index, number));
                }
                if (spent.duplicates < limit.duplicates()) {
                    choices.add(new Choice(Choice.Kind.DUPLICATE, index, number));
                }
            }
        }
        boolean whole = !connection.opener.ending && !connection.acceptor.ending;
        if (cuttable && whole) {
            choices.add(Choice.of(Choice.Kind.CUT, index));
        }
    }

    void apply(Choice choice) {
        switch (choice.kind()) {
            case MEET -> meet();
            case CONNECT -> connect(connections.get(choice.subject()));
            case REFUSE -> refuse(connections.get(choice.subject()));
            case DELIVER -> deliver(end(choice), false);
            case LOSE -> lose(end(choice));
            case DUPLICATE -> deliver(end(choice), true);
            case HANG_UP -> hangUp(end(choice));
            case CUT -> cut(connections.get(choice.subject()));
            case TICK -> passTime();
            case DELAY -> delay();
            case RESTART -> restart(hosts.get(choice.subject()));
            default -> throw new AssertionError(choice);
        }
        connections.removeIf(Connection::dead);
    }

    /** Whether anything is under way. */
    boolean busy() {
        for (Connection connection : connections) {
            if (!connection.established
                    || isBusy(connection.opener)
                    || isBusy(connection.acceptor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBusy(Connection.End end) {
        return end.open && (end.ending || !end.incoming.isEmpty());
    }

    /** Whether the first lists the second as a member. */
    boolean lists(int first, int second) {
        NodeId id = hosts.get(second).id;
        for (Participant.Entry entry : hosts.get(first).participant.entries()) {
            if (entry.id().equals(id)) {
                return !Properties.inHandshake(entry);
            }
        }
        return false;
    }

    /** The next tick that is due, of one node. */
    void tickOnce() {
        Host due = hosts.get(0);
        for (Host host : hosts) {
            due = host.nextTickMs < due.nextTickMs ? host : due;
        }
        nowMs = due.nextTickMs;
        due.nextTickMs += TICK_MS;
        due.participant.tick(nowMs);
    }

    private Connection.End end(Choice choice) {
        return connections.get(choice.subject()).end(choice.end());
    }

    private void meet() {
        Scenario.Meet meet = scenario.meets().get(meetsDone++);
        Host asked = hosts.get(meet.asked());
        String ip = hosts.get(meet.met()).ip;
        asked.met.add(ip);
        asked.participant.meet(nowMs, ip);
    }

    private void connect(Connection connection) {
        connection.established = true;
        Connection.End near = connection.opener;
        Connection.End far = connection.acceptor;
        Host source = hosts.get(near.host);
        Host target = hosts.get(far.host);
        far.link = target.participant.accepted(nowMs, new LinkContext(target.ip, source.ip));
        far.open = true;
        target.ends.put(far.link, far);
        source.participant.opened(nowMs, near.link, new LinkContext(source.ip, target.ip));
    }

    private void refuse(Connection connection) {
        spent.cuts++;
        spent.total++;
        Connection.End near = connection.opener;
        near.open = false;
        Host source = hosts.get(near.host);
        source.ends.remove(near.link);
        source.participant.failed(nowMs, near.link);
    }

    private void deliver(Connection.End end, boolean again) {
        BusMessage message = again ? end.incoming.peek() : end.incoming.poll();
        if (again) {
            spent.duplicates++;
            spent.total++;
        }
        hosts.get(end.host).participant.received(nowMs, end.link, message);
    }

    private void lose(Connection.End end) {
        spent.losses++;
        spent.total++;
        end.incoming.poll();
    }

    private void hangUp(Connection.End end) {
        end.release();
        Host host = hosts.get(end.host);
        host.ends.remove(end.link);
        host.participant.closed(nowMs, end.link);
    }

    private void cut(Connection connection) {
        spent.cuts++;
        spent.total++;
        for (int number = 0; number < 2; number++) {
            Connection.End end = connection.end(number);
            end.incoming.clear();
            end.ending = true;
        }
    }

    private void passTime() {
        if (busy()) {
            tickOnce();
            return;
        }
        long before = activity;
        long endMs = nowMs + QUIET_MS;
        while (activity == before && nowMs < endMs) {
            tickOnce();
        }
    }

    private void delay() {
        spent.delays++;
        spent.total++;
        long endMs = nowMs + DELAY_MS;
        while (nowMs < endMs) {
            tickOnce();
        }
    }

    private void restart(Host host) {
        spent.restarts++;
        spent.total++;
        for (Connection.End end : host.ends.values()) {
            end.release();
        }
        host.ends.clear();
        host.met.clear();
        host.participant.start(nowMs);
    }

    /** What a process does to its connections takes effect here. */
    private final class HostWires implements Wires {
        private final Host host;

        HostWires(Host host) {
            this.host = host;
        }

        @Override
        public void open(long link, BusAddress to) {
            activity++;
            for (Host target : hosts) {
                if (target.ip.equals(to.ip()) && to.busPort() == BUS_PORT) {
                    Connection connection = new Connection(host.number, link, target.number);
                    host.ends.put(link, connection.opener);
                    connections.add(connection);
                    return;
                }
            }
            throw new AssertionError(name(host.number) + " connects to nobody at " + to);
        }

        @Override
        public void close(long link) {
            activity++;
            Connection.End end = host.ends.remove(link);
            if (end != null) {
                end.release();
            }
        }

        @Override
        public void send(long link, BusMessage message) {
            activity++;
            Connection.End end = host.ends.get(link);
            if (end != null && end.peer.open) {
                end.peer.incoming.add(message);
            }
        }
    }
}
