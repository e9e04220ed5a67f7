package dev.slotmesh.gossip;

import java.util.random.RandomGenerator;

/** Puts the parts of one machine together; thrown away afterwards. */
final class Assembly {
    final NodeTable table;
    final Links links;
    final Parts parts;
    final PacketRules packets;
    final TickRules ticks;
    final CurrentSettings settings;
    final MessageCounters counters;
    final SlotAssignment assignment;
    final ConfigurationLoader loader;
    final Pending pending;
    final Settlement settlement;
    final OperatorRequests operator;
    final SlotTransfers slotTransfers;

    Assembly(
            GossipSettings initialSettings,
            ClusterConfiguration configuration,
            RandomGenerator random,
            Effects effects) {
        settings = new CurrentSettings(initialSettings);
        counters = new MessageCounters();
        pending = new Pending(new Agenda(), new Outbox(counters));
        table = new NodeTable(ConfigurationLoader.myself(configuration));
        SlotTable slots = new SlotTable(table);
        links = new Links(table, pending.outbox());
        Patience patience = new Patience(settings);
        ClusterHealth health = new ClusterHealth(table, slots, settings, patience, pending);
        Transfers transfers = new Transfers();
        Epochs epochs = new Epochs(table, transfers, pending);
        Roles roles = new Roles(table, slots, pending);
        News news = new News(table);
        GossipSection gossip = new GossipSection(table, news, settings, random);
        StandingWrites writes = new StandingWrites(table, transfers, pending);
        HeaderWriter headers = new HeaderWriter(table, epochs, health, settings, writes);
        Tombstones tombstones = new Tombstones(settings);
        ShardIds shards = new ShardIds(table, pending);
        ExtensionWriter extensions = new ExtensionWriter(settings, shards, tombstones);
        Heartbeats heartbeats = new Heartbeats(
                table,
                gossip,
                new Heartbeats.Words(headers, extensions, transfers),
                pending.outbox());
        Addresses addresses = new Addresses(table, links, roles, settings, pending);
        Departures departures = new Departures(table, slots, roles, links, news);
        Introductions introductions = new Introductions(table, links, news, heartbeats, pending);
        Handshakes handshakes = new Handshakes(
                table,
                links,
                introductions,
                new Handshakes.Ends(addresses, departures, heartbeats, tombstones, pending),
                random);
        Forgetting forgetting = new Forgetting(
                table,
                tombstones,
                new Forgetting.Ways(introductions, handshakes, departures, heartbeats, transfers),
                pending);
        FailoverMeans means =
                new FailoverMeans(epochs, roles, health, settings, heartbeats, random);
        Failovers failovers = failovers(writes, slots, means);
        SlotClaims claims = new SlotClaims(
                table,
                slots,
                roles,
                epochs,
                new SlotClaims.Reach(settings, pending.agenda(), pending.outbox(), heartbeats));
        Exports.Means handOver = new Exports.Means(
                epochs,
                new EpochReservations(table, epochs, health, heartbeats),
                claims,
                means,
                writes);
        Arrivals arrivals = new Arrivals(table, slots, links, means, pending);
        SlotTransfers.Rules moves = new SlotTransfers.Rules(
                new Exports(table, slots, transfers, handOver, pending),
                new Imports(
                        table, slots, new Imports.Moving(transfers, arrivals), handOver, pending),
                arrivals);
        Census census = new Census(table, health, patience, heartbeats);
        Alarms alarms = new Alarms(table, heartbeats, patience, random);
        FailureDetector failures = new FailureDetector(table, health, patience, alarms, pending);
        Looks looks = new Looks(patience, heartbeats, failures, alarms);
        parts = new Parts(
                epochs,
                roles,
                claims,
                addresses,
                handshakes,
                introductions,
                heartbeats,
                gossip,
                failures,
                new Evidence(table, links, settings, failures, pending.outbox()),
                census,
                alarms,
                new Rumours(table, looks, addresses, introductions, tombstones),
                new ExtensionRules(shards, forgetting, pending.agenda()),
                forgetting,
                health,
                failovers,
                moves);
        packets = new PacketRules(table, links, parts, pending);
        ticks = new TickRules(
                table,
                links,
                parts,
                new Parts.Watching(
                        new Probes(table, settings, heartbeats, census, random),
                        census,
                        looks,
                        alarms,
                        patience,
                        settings),
                random);
        assignment = new SlotAssignment(table, slots, transfers, pending);
        loader = new ConfigurationLoader(
                table,
                slots,
                roles,
                epochs,
                new ConfigurationLoader.Private(shards, tombstones, transfers));
        ViewBuilder views = new ViewBuilder(
                table, slots, epochs, health, new Imports.Moving(transfers, arrivals));
        settlement = new Settlement(
                pending,
                new Settlement.Judges(failovers, health, moves),
                slots,
                new Settlement.Shown(views, shards, tombstones, introductions, transfers),
                effects);
        Resets.Leaving leaving =
                new Resets.Leaving(departures, tombstones, shards, transfers, random);
        operator = new OperatorRequests(
                table,
                parts,
                new OperatorRequests.Rules(
                        assignment,
                        new SlotMigration(
                                table,
                                new SlotMigration.Moves(slots, transfers),
                                parts,
                                settings,
                                pending),
                        new Resets(table, slots, parts, leaving, pending)),
                settlement);
        slotTransfers = new SlotTransfers(transfers, moves, settlement);
    }

    private Failovers failovers(StandingWrites writes, SlotTable slots, FailoverMeans means) {
        ManualFailover manual = new ManualFailover(table, means.heartbeats(), pending);
        return new Failovers(
                writes,
                manual,
                new Elections(table, slots, manual, means, pending),
                new Votes(table, slots, means, pending),
                new ReplicaMigration(table, means, pending.outbox()));
    }
}
