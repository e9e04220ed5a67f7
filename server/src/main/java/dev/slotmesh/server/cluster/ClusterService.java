package dev.slotmesh.server.cluster;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.Payload;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.ClusterConfiguration;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.Gossip;
import dev.slotmesh.gossip.GossipSettings;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.LinkView;
import dev.slotmesh.gossip.OperatorResult;
import dev.slotmesh.gossip.SlotKeys;
import dev.slotmesh.keyspace.HashSlot;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.memory.NativeBuffer;
import dev.slotmesh.server.config.ClusterDirectives;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.Directive;
import dev.slotmesh.server.config.NetworkDirectives;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.pubsub.Subscriptions;
import dev.slotmesh.server.session.Suspension;
import dev.slotmesh.server.transport.BindAddress;
import dev.slotmesh.server.transport.BusLinks;
import dev.slotmesh.server.transport.IoThreads;
import dev.slotmesh.server.transport.SendQueue;

import io.netty.util.NetUtil;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/**
 * A node's membership in its cluster, from {@link #start} to {@link #leave}: owns the gossip machine, the bus sockets,
 * nodes.conf and the routing of commands.
 *
 * <p>Threads: the machine, the sockets and the file belong to the bus thread; views reach the command path through the
 * hand-over thread; the methods here are for any thread unless they say otherwise.
 */
public final class ClusterService {
    private final Parts parts;
    private final ClusterSettings settings;
    private final Endpoints endpoints;
    private final ClusterRouter router;
    private final SlotKeys slotKeys;
    private final SlotClearing clearing;
    private final HandOver handOver;
    private final BusDriver driver;
    private final BusLinks links;
    private BusEffects effects;
    private NodesConfFile file;
    private Runnable stopTicking = () -> {};
    /** From here on a failed save ends the node instead of its start. */
    private volatile boolean started;

    /**
     * What a node lends its membership.
     *
     * @param name prefix of thread names
     * @param role what follows from being primary or replica
     * @param subscriptions who gets the messages that come over the bus
     * @param fatal called on the bus thread when nodes.conf cannot be written and the process must end with code 1; the reason is
     *     in the log already
     */
    public record Parts(
            String name,
            Configuration configuration,
            Keyspace keyspace,
            IoThreads threads,
            NodeLog log,
            ReplicationRole role,
            Subscriptions subscriptions,
            Runnable fatal) {}

    public ClusterService(Parts parts) {
        this.parts = parts;
        Configuration configuration = parts.configuration();
        this.settings = new ClusterSettings(configuration);
        this.endpoints = new Endpoints(configuration);
        this.router = new ClusterRouter(configuration, endpoints, parts.role());
        this.slotKeys = new KeyspaceSlotKeys(parts.keyspace());
        this.clearing = new SlotClearing(parts.keyspace(), parts.role()::drop);
        this.handOver = new HandOver(
                parts.name() + "-handover",
                parts.keyspace(),
                clearing,
                this::publish,
                cause -> parts.log().warning("Internal error in a hand-over", cause));
        this.driver = new BusDriver(new SteadyClock(), parts.log(), parts.role());
        this.links = new BusLinks(parts.threads(), driver);
    }

    /**
     * Takes nodes.conf, listens on the bus port and starts the machine; returns when commands are routed by its first view.
     *
     * @throws ClusterStartException when it cannot; {@link #leave} is to be called all the same
     */
    public void start() throws ClusterStartException {
        int busPort = settings.busPort();
        Configuration configuration = parts.configuration();
        file = NodesConfFile.open(
                configuration.path(ClusterDirectives.CLUSTER_CONFIG_FILE),
                configuration.get(ClusterDirectives.CLUSTER_CONFIG_FILE));
        ClusterConfiguration stored = loadOrCreate();
        handOver.start();
        startMachine(stored, busPort);
        started = true;
        listen(busPort);
        stopTicking = parts.threads().everyOnBus(BusDriver.TICK_MS, driver::tick);
        for (Directive<?> directive : ClusterSettings.OBEYED_AT_RUN_TIME) {
            configuration.listen(directive, (was, now) -> {
                settingsChanged(busPort);
                return Optional.empty();
            });
        }
        CompletableFuture<Void> published = new CompletableFuture<>();
        handOver.then(() -> published.complete(null));
        published.join();
    }

    /**
     * Finds a place for the keys that were loaded after {@link #start}: in free slots, in slots to be imported, or they go with
     * the slots that were lost meanwhile. Returns when all that is in force; once, before clients are served.
     */
    public void keysLoaded() {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        parts.threads().onBus(() -> {
            effects.keysLoaded();
            driver.keysLoaded(slotKeys);
            handOver.then(() -> settled.complete(null));
        });
        settled.join();
    }

    private ClusterConfiguration loadOrCreate() throws ClusterStartException {
        Optional<ClusterConfiguration> loaded = file.load();
        if (loaded.isPresent()) {
            parts.log()
                    .notice("Node configuration loaded, I'm "
                            + loaded.get().myself().id());
            return loaded.get();
        }
        ClusterConfiguration created = ClusterConfiguration.newNode(new SecureRandom());
        parts.log()
                .notice("No cluster configuration found, I'm "
                        + created.myself().id());
        return created;
    }

    private void startMachine(ClusterConfiguration stored, int busPort)
            throws ClusterStartException {
        effects = new BusEffects(new BusEffects.Outlets(
                file,
                links,
                handOver,
                parts.log(),
                parts.role(),
                this::sourceAddress,
                this::deliver,
                this::leaveShardChannels,
                this::tellWhenWritesStandStill,
                this::saveFailed));
        GossipSettings initial = settings.gossip(busPort);
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        CompletableFuture<Void> running = new CompletableFuture<>();
        parts.threads().onBus(() -> {
            try {
                links.timing(settings.linkTiming());
                driver.start(new Gossip(initial, stored, random, effects), effects, links);
                running.complete(null);
            } catch (RuntimeException | Error cause) {
                running.completeExceptionally(cause);
            }
        });
        try {
            running.join();
        } catch (CompletionException failure) {
            throw new ClusterStartException(
                    "The cluster bus does not start: " + failure.getCause(), failure.getCause());
        }
        if (effects.isHalted()) {
            throw new ClusterStartException("Fatal: can't update cluster config file.");
        }
    }

    /** The world lock is held. */
    private void publish(ClusterView view) {
        router.publish(view);
        parts.role().published(view);
    }

    /** Ends subscriptions once the view without these slots is in force, so that none of them begins again here. */
    private void leaveShardChannels(SlotSet slots) {
        parts.subscriptions().endShardChannels(channel -> slots.get(slotOf(channel)));
    }

    /** What was on its way when writes were paused ends with the turn of its loop. */
    private void tellWhenWritesStandStill() {
        parts.threads()
                .clientsTurn()
                .thenRun(() -> handOver.then(() -> {
                    if (parts.role().writesArePaused()) {
                        parts.threads().onBus(driver::writesStandStill);
                    }
                }));
    }

    private static int slotOf(byte[] channel) {
        try (NativeBuffer name = new NativeBuffer(channel.length)) {
            return HashSlot.of(name.put(channel));
        }
    }

    private void deliver(BusMessage.Publish message) {
        byte[] channel = message.channel().toByteArray();
        byte[] text = message.message().toByteArray();
        if (message.sharded()) {
            parts.subscriptions().publishToShard(channel, text);
        } else {
            parts.subscriptions().publish(channel, text);
        }
    }

    /**
     * Sends a message that was published here to the other nodes. Any thread.
     *
     * @param sharded whether to those of this shard only
     */
    public void spread(boolean sharded, byte[] channel, byte[] text) {
        Payload name = Payload.copyOf(channel);
        Payload content = Payload.copyOf(text);
        parts.threads().onBus(() -> driver.publish(sharded, name, content));
    }

    private InetAddress sourceAddress() {
        String source = parts.configuration().get(NetworkDirectives.BIND_SOURCE_ADDR);
        return source.isEmpty() ? null : NetUtil.createInetAddressFromIpAddressString(source);
    }

    private void saveFailed() {
        if (started) {
            parts.fatal().run();
        }
    }

    private void listen(int busPort) throws ClusterStartException {
        List<BindAddress> addresses =
                BindAddress.of(parts.configuration().get(NetworkDirectives.BIND));
        if (addresses.isEmpty()) {
            throw new ClusterStartException(
                    "No bind address is configured, but it is required for the Cluster bus.");
        }
        int backlog = Math.max(1, parts.configuration().getInt(NetworkDirectives.TCP_BACKLOG));
        int opened = 0;
        for (BindAddress address : addresses) {
            try {
                InetAddress ip = InetAddress.getByName(address.text());
                links.listen(new InetSocketAddress(ip, busPort), backlog);
                opened++;
            } catch (Exception cause) {
                // Netty rethrows the bind's own checked exception without declaring it.
                parts.log()
                        .warning("Warning: Could not create server TCP listening socket "
                                + address.text() + ":" + busPort + ": " + cause.getMessage());
                if (!address.optional()) {
                    throw cannotListen(busPort, cause);
                }
            }
        }
        if (opened == 0) {
            throw cannotListen(busPort, null);
        }
    }

    private static ClusterStartException cannotListen(int busPort, Exception cause) {
        return new ClusterStartException(
                "Failed listening on port " + busPort + " (cluster), aborting.", cause);
    }

    private void settingsChanged(int busPort) {
        parts.threads()
                .onBus(() -> driver.settings(settings.gossip(busPort), settings.linkTiming()));
    }

    /** Decides for the dispatcher who serves a key. */
    public ClusterRouter router() {
        return router;
    }

    /** How clients are told where nodes are. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** The view commands are routed by; null before {@link #start} has returned. */
    public ClusterView view() {
        return router.view();
    }

    /** Key counts, as the machine's requests want them. */
    public SlotKeys slotKeys() {
        return slotKeys;
    }

    /** Deletes the keys of whole slots. */
    public SlotClearing clearing() {
        return clearing;
    }

    /** The lines of INFO's section Cluster. */
    public String infoText() {
        return "cluster_enabled:1\r\n";
    }

    /** {@code cluster_connections} of INFO: links of the cluster bus in both directions. */
    public int connections() {
        return driver.linkCount();
    }

    /** Memory of the buffers of all links of the cluster bus, bytes. */
    public long linkMemoryBytes() {
        return driver.linkMemoryBytes();
    }

    /** Received packets of that type count and do nothing from now on, inside a {@link BusRequest}; -1 ends it. */
    public void dropPackets(int typeCode) {
        driver.dropPackets(typeCode);
    }

    /** Breaks links to or from a node, inside a {@link BusRequest}: the machine takes it for a failure of the network. */
    public void breakLinks(Gossip gossip, long nowMs, Predicate<LinkView> which) {
        for (LinkView link : gossip.links()) {
            if (which.test(link)) {
                links.closeLink(link.link());
                gossip.linkClosed(nowMs, link.link());
            }
        }
    }

    /** Packets of the bus that were refused since the start. */
    public long refusedPackets() {
        return driver.refusedPackets();
    }

    /**
     * Puts a suspended client's request to the machine; the client goes on when everything that came of it is in force, so
     * its next command is routed by it.
     */
    public void ask(Suspension client, BusRequest request) {
        parts.threads().onBus(() -> {
            var answer = driver.ask(request);
            handOver.then(() -> client.resume(answer));
        });
    }

    /**
     * Puts a request of the node's own to the machine. Any thread.
     *
     * @return completes, on the hand-over thread, when everything that came of it is in force; never when the node ends before
     */
    public <T> CompletableFuture<T> consult(BusQuestion<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        parts.threads().onBus(() -> {
            try {
                T found = driver.consult(question);
                handOver.then(() -> answer.complete(found));
            } catch (RuntimeException | AssertionError mistake) {
                answer.completeExceptionally(mistake);
            }
        });
        return answer;
    }

    /** Runs an action on the hand-over thread when everything decided so far is in force and no lost slot has keys. */
    public void whenCleared(Runnable action) {
        handOver.whenCleared(action);
    }

    /** CLUSTER SAVECONFIG, inside a {@link BusRequest}: a failure is reported, not fatal. */
    public OperatorResult saveConfiguration(Gossip gossip, long nowMs) {
        OperatorResult[] result = new OperatorResult[1];
        String failure =
                effects.failureOfSave(() -> result[0] = gossip.operator().saveConfig(nowMs));
        return failure == null
                ? result[0]
                : new OperatorResult.Rejected("error saving the cluster node config: " + failure);
    }

    /** How far this node's data set is in its replication history. Any thread. */
    public long replicationOffset() {
        return parts.role().offset();
    }

    /** What a link has to send, inside a {@link BusRequest}. */
    public SendQueue sendQueue(LinkId link) {
        return links.sendQueue(link);
    }

    /**
     * Leaves the bus: stops listening, closes all links, frees nodes.conf. Peers are not told, as a stock node does not.
     *
     * @return whether the hand-over has ended as well, so that nothing here uses the keyspace any more
     */
    public boolean leave() {
        stopTicking.run();
        links.close();
        boolean ended = handOver.end();
        if (file != null) {
            try {
                file.close();
            } catch (IOException cause) {
                parts.log().warning("Can't give nodes.conf free", cause);
            }
        }
        return ended;
    }
}
