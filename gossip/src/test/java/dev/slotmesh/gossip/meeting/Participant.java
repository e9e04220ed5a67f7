package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.gossip.LinkContext;

import java.util.List;

/** A node under exploration: the real machine, or the model of a stock Redis. */
interface Participant {
    /** Starts the process: a new node the first time, from its nodes.conf later. Links of an earlier life are void. */
    void start(long nowMs);

    void tick(long nowMs);

    /** Another node connected; returns the number of the new link. */
    long accepted(long nowMs, LinkContext context);

    void opened(long nowMs, long link, LinkContext context);

    void failed(long nowMs, long link);

    void closed(long nowMs, long link);

    void received(long nowMs, long link, BusMessage message);

    /** CLUSTER MEET. */
    void meet(long nowMs, String ip);

    NodeId id();

    /** The node table, itself included, in table order. */
    List<Entry> entries();

    int linkCount();

    /** What became of the MEETs asked for in this life, in the order in which it was told. */
    List<Told> told();

    /** Whether it tells what becomes of a MEET, and goes on until the peer is a mutual member: Slotmesh does. */
    boolean keepsItsWord();

    /** A line of the node table; {@code id} is a random one while it is in handshake. */
    record Entry(NodeId id, String ip, int flags) {}

    /** The end of a MEET as an operator reads it; {@code last} when nothing more follows. */
    record Told(String ip, String outcome, boolean joined, boolean last) {}
}
