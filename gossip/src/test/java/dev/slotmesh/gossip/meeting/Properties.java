package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.NodeFlags;
import dev.slotmesh.bus.NodeId;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must hold in every state, and between a state and the next. Each is checked as a sentence: a violation is a text, and null
 * is none. An object of this class holds what is to be compared after the next choice.
 */
final class Properties {
    private final World world;
    private final boolean[][] listed;
    private final int[] told;
    private final int restarts;

    /** Remembers how the world is before a choice. */
    Properties(World world) {
        int count = world.hosts.size();
        this.world = world;
        this.restarts = world.spent.restarts;
        this.listed = new boolean[count][count];
        this.told = new int[count];
        for (int i = 0; i < count; i++) {
            told[i] = world.hosts.get(i).participant.told().size();
            for (int j = 0; j < count; j++) {
                listed[i][j] = world.lists(i, j);
            }
        }
    }

    static boolean inHandshake(Participant.Entry entry) {
        return NodeFlags.has(entry.flags(), NodeFlags.HANDSHAKE);
    }

    /** What the choice carried out since broke, or null. */
    String broken() {
        for (World.Host host : world.hosts) {
            String broken = tableOf(host);
            if (broken == null) {
                broken = memory(host);
            }
            if (broken == null) {
                broken = joined(host);
            }
            if (broken != null) {
                return World.name(host.number) + ": " + broken;
            }
        }
        return null;
    }

    private String tableOf(World.Host host) {
        Set<NodeId> seen = new HashSet<>();
        Set<String> handshakes = new HashSet<>();
        boolean slotmesh = host.participant.keepsItsWord();
        int myself = 0;
        List<Participant.Entry> entries = host.participant.entries();
        for (Participant.Entry entry : entries) {
            if (!seen.add(entry.id())) {
                return "two entries of one id";
            }
            boolean mine = NodeFlags.has(entry.flags(), NodeFlags.MYSELF);
            myself += mine ? 1 : 0;
            if (mine != entry.id().equals(host.id)) {
                return "an entry for itself besides its own";
            }
            if (inHandshake(entry)) {
                if (!handshakes.add(entry.ip()) && slotmesh) {
                    return "two handshakes with " + entry.ip();
                }
            } else if (!mine) {
                String wrong = member(entry);
                if (wrong != null) {
                    return wrong;
                }
            }
            String wrong = slotmesh ? meetFlag(host, entry) : null;
            if (wrong != null) {
                return wrong;
            }
        }
        if (myself != 1) {
            return "its own entry is missing";
        }
        return links(host, entries.size());
    }

    /** An entry is of a node there is, at the address where it is. */
    private String member(Participant.Entry entry) {
        for (World.Host host : world.hosts) {
            if (host.id.equals(entry.id())) {
                return host.ip.equals(entry.ip())
                        ? null
                        : "lists " + World.name(host.number) + " at " + entry.ip();
            }
        }
        return "lists an id that nobody has";
    }

    /**
     * The MEET flag is on while the operator's MEET has been neither answered nor given up, and on no other entry: as long as it is
     * on, whatever connection comes up carries a MEET.
     */
    private static String meetFlag(World.Host host, Participant.Entry entry) {
        boolean flag = NodeFlags.has(entry.flags(), NodeFlags.MEET);
        boolean wanted =
                inHandshake(entry) && host.met.contains(entry.ip()) && !ended(host, entry.ip());
        if (flag == wanted) {
            return null;
        }
        return flag ? "a MEET flag nobody asked for" : "a MEET without its flag";
    }

    /** A connection each way per entry, and the accepted ones that have not said whose they are: as many as the others have entries. */
    private String links(World.Host host, int entries) {
        int most = 2 * entries;
        for (World.Host other : world.hosts) {
            most += 2 * other.participant.entries().size();
        }
        int links = host.participant.linkCount();
        return links <= most ? null : links + " links with " + entries + " entries";
    }

    /** Nobody was told to forget: who is listed once stays listed, through restarts too. */
    private String memory(World.Host host) {
        for (World.Host other : world.hosts) {
            if (listed[host.number][other.number] && !world.lists(host.number, other.number)) {
                return "no longer lists " + World.name(other.number);
            }
        }
        return null;
    }

    /** When the operator reads "joined", it is true. */
    private String joined(World.Host host) {
        List<Participant.Told> all = host.participant.told();
        int first = world.spent.restarts == restarts ? told[host.number] : 0;
        for (Participant.Told one : all.subList(Math.min(first, all.size()), all.size())) {
            World.Host met = at(one.ip());
            if (one.joined() && !world.lists(met.number, host.number)) {
                return "tells that it joined " + World.name(met.number)
                        + ", which does not list it";
            }
        }
        return null;
    }

    private World.Host at(String ip) {
        for (World.Host host : world.hosts) {
            if (host.ip.equals(ip)) {
                return host;
            }
        }
        throw new AssertionError("nobody at " + ip);
    }

    /** What is still open between the nodes, or null when everything has come to its end. */
    static String unsettled(World world) {
        List<String> open = new ArrayList<>();
        for (World.Host host : world.hosts) {
            for (Participant.Entry entry : host.participant.entries()) {
                if (inHandshake(entry)) {
                    open.add(World.name(host.number) + " has a handshake with " + entry.ip());
                }
            }
            for (String ip : host.met) {
                if (host.participant.keepsItsWord() && !ended(host, ip)) {
                    open.add(World.name(host.number) + " has not told what became of its MEET to "
                            + ip);
                }
            }
        }
        addOneSided(world, open);
        return open.isEmpty() ? null : String.join("; ", open);
    }

    private static boolean ended(World.Host host, String ip) {
        for (Participant.Told told : host.participant.told()) {
            if (told.last() && told.ip().equals(ip)) {
                return true;
            }
        }
        return false;
    }

    /** Membership is mutual, and members of one are members of the other. */
    private static void addOneSided(World world, List<String> open) {
        for (World.Host first : world.hosts) {
            boolean owed = first.participant.keepsItsWord() || world.scenario.strict();
            for (World.Host second : world.hosts) {
                if (owed && first != second && world.lists(first.number, second.number)) {
                    addMissing(world, first.number, second.number, open);
                }
            }
        }
    }

    private static void addMissing(World world, int first, int second, List<String> open) {
        if (!world.lists(second, first)) {
            open.add(World.name(first) + " lists " + World.name(second) + " and not the reverse");
        }
        for (int third = 0; third < world.hosts.size(); third++) {
            if (third != first && world.lists(second, third) && !world.lists(first, third)) {
                open.add(World.name(first) + " lists " + World.name(second) + ", and not "
                        + World.name(third) + ", which that one lists");
            }
        }
    }
}
