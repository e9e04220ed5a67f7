package dev.slotmesh.gossip.meeting;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.gossip.BusAddress;

/** What a process can do to its connections. Links are named by the process, with numbers it never uses twice in one life. */
interface Wires {
    void open(long link, BusAddress to);

    void close(long link);

    void send(long link, BusMessage message);
}
