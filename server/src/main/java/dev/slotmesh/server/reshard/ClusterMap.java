package dev.slotmesh.server.reshard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one node knows of the cluster, read from its CLUSTER NODES.
 *
 * @param members all it knows, in the order of their addresses
 * @param self the node itself
 */
record ClusterMap(List<Member> members, Member self) {
    private static final int FLAGS = 2;
    private static final int SLOTS = 8;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern RUN = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern OPEN = Pattern.compile("\\[(\\d{1,5})-([<>])-([0-9a-f]{40})]");
    private static final int SHORTEST_ID = 4;

    ClusterMap {
        members = List.copyOf(members);
    }

    /**
     * Reads the reply of CLUSTER NODES.
     *
     * @param asked where the node was reached that has answered: it may not know its own address
     * @throws ReshardFailure when it is no such reply
     */
    static ClusterMap parse(String nodesText, Address asked) throws ReshardFailure {
        List<Member> members = new ArrayList<>();
        Member self = null;
        for (String line : nodesText.split("\n")) {
            String[] fields = line.strip().split(" ");
            if (fields.length < SLOTS || !ID.matcher(fields[0]).matches()) {
                throw new ReshardFailure(asked + " answers CLUSTER NODES with: " + line);
            }
            boolean isSelf = List.of(fields[FLAGS].split(",")).contains("myself");
            Member member = member(fields, isSelf ? asked : null);
            members.add(member);
            self = isSelf ? member : self;
        }
        if (self == null) {
            throw new ReshardFailure(asked + " does not know itself");
        }
        members.sort(Comparator.comparing((Member member) -> member.address().host())
                .thenComparing(member -> member.address().port())
                .thenComparing(Member::id));
        return new ClusterMap(members, self);
    }

    private static Member member(String[] fields, Address asked) throws ReshardFailure {
        List<String> flags = List.of(fields[FLAGS].split(","));
        BitSet slots = new BitSet(SlotRuns.SLOT_COUNT);
        Map<Integer, String> migrating = new TreeMap<>();
        Map<Integer, String> importing = new TreeMap<>();
        for (int at = SLOTS; at < fields.length; at++) {
            Matcher run = RUN.matcher(fields[at]);
            Matcher open = OPEN.matcher(fields[at]);
            if (run.matches()) {
                String last = run.group(2) == null ? run.group(1) : run.group(2);
                if (slot(last) < slot(run.group(1))) {
                    throw new ReshardFailure("CLUSTER NODES has slots backwards: " + fields[at]);
                }
                slots.set(slot(run.group(1)), slot(last) + 1);
            } else if (open.matches()) {
                (open.group(2).equals(">") ? migrating : importing)
                        .put(slot(open.group(1)), open.group(3));
            } else {
                throw new ReshardFailure("CLUSTER NODES has slots in no known form: " + fields[at]);
            }
        }
        boolean isSound =
                flags.stream().noneMatch(List.of("fail", "fail?", "handshake", "noaddr")::contains);
        return new Member(
                fields[0],
                address(fields[1], asked),
                flags.contains("master"),
                isSound,
                slots,
                migrating,
                importing);
    }

    private static int slot(String digits) throws ReshardFailure {
        int slot = Integer.parseInt(digits);
        if (slot >= SlotRuns.SLOT_COUNT) {
            throw new ReshardFailure("CLUSTER NODES has a slot that is none: " + digits);
        }
        return slot;
    }

    /** {@code ip:port@cport[,hostname[,...]]}; the host may be missing. */
    private static Address address(String field, Address asked) {
        String endpoint = field.split("[@,]", 2)[0];
        int colon = endpoint.lastIndexOf(':');
        String host = colon < 0 ? "" : endpoint.substring(0, colon);
        String digits = endpoint.substring(colon + 1);
        int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
        if (asked != null && (host.isEmpty() || port == 0)) {
            return asked;
        }
        return new Address(host, port);
    }

    /** All primaries that are sound. */
    List<Member> primaries() {
        return members.stream()
                .filter(member -> member.isPrimary() && member.isSound())
                .toList();
    }

    /** Who owns a slot; empty when nobody does. */
    Optional<Member> owner(int slot) {
        return members.stream().filter(member -> member.slots().get(slot)).findFirst();
    }

    /** The same cluster with a plan carried out. */
    ClusterMap after(Plan plan) {
        List<Member> changed = new ArrayList<>();
        for (Member member : members) {
            BitSet slots = (BitSet) member.slots().clone();
            for (Move move : plan.moves()) {
                if (move.sourceId().equals(member.id())) {
                    slots.andNot(move.slots());
                } else if (move.targetId().equals(member.id())) {
                    slots.or(move.slots());
                }
            }
            changed.add(member.withSlots(slots));
        }
        return new ClusterMap(changed, self);
    }

    /** A member by its whole ID. */
    Optional<Member> byId(String id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /**
     * The primary that an operator means: by its ID, by the beginning of it that no other has, or by {@code host:port}.
     *
     * @throws ReshardFailure of usage, when it is none or more than one
     */
    Member primary(String named) throws ReshardFailure {
        List<Member> meant = members.stream()
                .filter(member -> named.length() >= SHORTEST_ID && member.id().startsWith(named)
                        || member.address().toString().equals(named))
                .toList();
        if (meant.size() != 1) {
            throw ReshardFailure.ofUsage((meant.isEmpty() ? "no node is '" : "several nodes are '")
                    + named + "': name a primary by its ID, a beginning of it or HOST:PORT");
        }
        Member member = meant.get(0);
        if (!member.isPrimary() || !member.isSound()) {
            throw ReshardFailure.ofUsage(
                    member + (member.isPrimary() ? " is not healthy" : " is a replica"));
        }
        return member;
    }
}
