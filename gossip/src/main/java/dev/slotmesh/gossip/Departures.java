package dev.slotmesh.gossip;

/** Takes nodes out of the table, with everything that hangs on them (cluster bus facts, section 15). */
final class Departures {
    private final NodeTable table;
    private final SlotTable slots;
    private final Roles roles;
    private final Links links;
    private final News news;

    Departures(NodeTable table, SlotTable slots, Roles roles, Links links, News news) {
        this.table = table;
        this.slots = slots;
        this.roles = roles;
        this.links = links;
        this.news = news;
    }

    /** The node's slots become free, its reports and open slots go, its replicas lose their primary, its links close. */
    void remove(long nowMs, Node node) {
        slots.forget(node);
        roles.forget(node);
        news.forget(node);
        links.drop(nowMs, node.outbound);
        links.drop(nowMs, node.inbound);
        table.remove(node);
        for (Node other : table.all()) {
            other.reports.remove(node);
        }
    }
}
