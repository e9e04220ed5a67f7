package dev.slotmesh.server.cluster;

import dev.slotmesh.bus.BusMessage;
import dev.slotmesh.bus.NodeId;
import dev.slotmesh.bus.SlotSet;
import dev.slotmesh.gossip.BusAddress;
import dev.slotmesh.gossip.ClusterView;
import dev.slotmesh.gossip.Effects;
import dev.slotmesh.gossip.LinkId;
import dev.slotmesh.gossip.Notice;
import dev.slotmesh.server.log.LogLevel;
import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.transport.BusLinks;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries out what the gossip machine asks for, in the order it asks. Confined to the bus thread.
 *
 * <p>A save that must be durable is on disk before the method returns, and so before any later send. A plain save (a
 * joined node, a changed address) waits for the end of the turn, so that a burst of them costs one write; the next
 * durable save includes it. When a save fails nothing more is carried out: a node whose votes and epochs are not on
 * disk must not speak.
 */
final class BusEffects implements Effects {
    private final NodesConfFile file;
    private final BusLinks links;
    private final HandOver handOver;
    private final NodeLog log;
    private final ReplicationRole role;
    private final Supplier<InetAddress> sourceAddress;
    private final Consumer<BusMessage.Publish> messages;
    private final Consumer<SlotSet> lostShardChannels;
    private final Runnable writesPaused;
    private final Runnable saveFailed;

    private Supplier<String> unsaved;
    private boolean keysAreLoaded;
    private boolean halted;
    private boolean requested;
    private IOException requestFailure;

    /**
     * The collaborators of {@link BusEffects}; {@code writesPaused} waits for writes that are on their way, {@code saveFailed} ends
     * the node.
     */
    record Outlets(
            NodesConfFile file,
            BusLinks links,
            HandOver handOver,
            NodeLog log,
            ReplicationRole role,
            Supplier<InetAddress> sourceAddress,
            Consumer<BusMessage.Publish> messages,
            Consumer<SlotSet> lostShardChannels,
            Runnable writesPaused,
            Runnable saveFailed) {}

    BusEffects(Outlets outlets) {
        this.file = outlets.file();
        this.links = outlets.links();
        this.handOver = outlets.handOver();
        this.log = outlets.log();
        this.role = outlets.role();
        this.messages = outlets.messages();
        this.lostShardChannels = outlets.lostShardChannels();
        this.sourceAddress = outlets.sourceAddress();
        this.writesPaused = outlets.writesPaused();
        this.saveFailed = outlets.saveFailed();
    }

    /**
     * From here on keys of lost slots are deleted. Those of slots that were lost before are named once more then: while keys are
     * loaded they may come after their deletion, and the append-only file does not take it down.
     */
    void keysLoaded() {
        keysAreLoaded = true;
    }

    /** Writes what waits for the end of the turn. */
    void turnEnded() {
        if (unsaved != null && !halted) {
            save(unsaved, false);
        }
    }

    /** Whether a save failed and nothing is carried out any more. */
    boolean isHalted() {
        return halted;
    }

    /**
     * Runs an operator's request to save. A failure is the operator's to read and does not end the node.
     *
     * @return why it failed, or null
     */
    String failureOfSave(Runnable request) {
        requested = true;
        requestFailure = null;
        try {
            request.run();
        } finally {
            requested = false;
        }
        return requestFailure == null ? null : reason(requestFailure);
    }

    private static String reason(IOException cause) {
        boolean named = cause instanceof FileSystemException failure && failure.getReason() != null;
        return named
                ? ((FileSystemException) cause).getReason()
                : String.valueOf(cause.getMessage());
    }

    @Override
    public void saveConfiguration(Supplier<String> text, boolean fsync) {
        if (halted) {
            return;
        }
        if (fsync) {
            save(text, true);
        } else {
            unsaved = text;
        }
    }

    private void save(Supplier<String> text, boolean durable) {
        try {
            file.save(text.get(), durable);
            unsaved = null;
        } catch (IOException cause) {
            if (requested) {
                requestFailure = cause;
                return;
            }
            halted = true;
            log.warning("Fatal: can't update cluster config file. (" + file.path() + ": "
                    + reason(cause) + ")");
            saveFailed.run();
        }
    }

    @Override
    public void publishView(ClusterView view) {
        if (!halted) {
            handOver.view(view);
        }
    }

    @Override
    public void send(LinkId link, BusMessage message) {
        if (!halted) {
            links.send(link, message);
        }
    }

    @Override
    public void openLink(LinkId link, BusAddress address) {
        if (!halted) {
            links.open(link, address, sourceAddress.get());
        }
    }

    @Override
    public void closeLink(LinkId link) {
        links.closeLink(link);
    }

    @Override
    public void probe(NodeId node, String ip, int clientPort) {
        if (!halted) {
            links.probe(node, ip, clientPort, sourceAddress.get());
        }
    }

    @Override
    public void deleteSlotKeys(SlotSet slots) {
        if (!halted && keysAreLoaded) {
            handOver.deleteKeys(slots);
        }
    }

    @Override
    public void leaveShardChannels(SlotSet slots) {
        if (!halted) {
            handOver.then(() -> lostShardChannels.accept(slots));
        }
    }

    @Override
    public void replicate(NodeId primary, String ip, int port) {
        if (!halted) {
            handOver.then(() -> role.follow(ip, port));
        }
    }

    @Override
    public void promote() {
        if (!halted) {
            handOver.then(role::lead);
        }
    }

    @Override
    public void pauseWrites(long mostMs) {
        if (!halted) {
            handOver.then(() -> {
                role.pauseWrites(mostMs);
                writesPaused.run();
            });
        }
    }

    @Override
    public void resumeWrites() {
        // Also after a failed save: clients are not to hang.
        handOver.then(role::resumeWrites);
    }

    @Override
    public void deleteAllKeys() {
        if (!halted) {
            handOver.deleteAllKeys();
        }
    }

    @Override
    public void deliver(BusMessage.Publish publish) {
        messages.accept(publish);
    }

    @Override
    public void notice(Notice notice) {
        log.write(
                switch (notice.level()) {
                    case DEBUG -> LogLevel.DEBUG;
                    case VERBOSE -> LogLevel.VERBOSE;
                    case NOTICE -> LogLevel.NOTICE;
                    case WARNING -> LogLevel.WARNING;
                },
                notice.text());
    }
}
