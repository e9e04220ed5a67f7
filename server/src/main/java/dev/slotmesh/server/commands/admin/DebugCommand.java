package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.server.commands.cluster.DebugCluster;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.Suspension;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** DEBUG SLEEP and SET-ACTIVE-EXPIRE, and what is asked about values, for tests and operators who enabled it. */
public final class DebugCommand {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Executor background;
    private final Consumer<Boolean> activeExpiry;
    private final DebugObjects objects;
    private final PackedDebug packed = new PackedDebug();
    private final Others others;

    /**
     * @param background where a sleep waits
     * @param activeExpiry switches the active deletion of expired keys
     * @param compressing whether a file would have long strings compressed
     */
    public DebugCommand(
            Executor background,
            Consumer<Boolean> activeExpiry,
            BooleanSupplier compressing,
            Others others) {
        this.others = others;
        this.background = background;
        this.activeExpiry = activeExpiry;
        this.objects = new DebugObjects(compressing);
    }

    /** The subcommands about files and about the cluster bus. */
    public record Others(DebugLoadAof loadAof, DebugReload reload, DebugCluster cluster) {}

    public void bind(CommandBindings bindings) {
        bindings.bind("debug", this::debug);
    }

    private void debug(Call call) {
        if (call.is(1, "SLEEP") && call.count() == 3) {
            sleep(call);
        } else if (call.is(1, "SET-ACTIVE-EXPIRE") && call.count() == 3) {
            activeExpiry.accept(!call.text(2).equals("0"));
            call.reply().ok();
        } else if (call.is(1, "LOADAOF") && call.count() == 2) {
            others.loadAof().run(call);
        } else if (call.is(1, "OBJECT") && call.count() == 3) {
            objects.object(call);
        } else if (call.is(1, "HTSTATS") && call.count() == 3) {
            objects.databaseTable(call);
        } else if (call.is(1, "HTSTATS-KEY") && call.count() == 3) {
            objects.valueTable(call);
        } else if (call.is(1, "DIGEST") && call.count() == 2) {
            DebugDigests.dataset(call);
        } else if (call.is(1, "DIGEST-VALUE") && call.count() >= 2) {
            DebugDigests.values(call);
        } else if (call.is(1, "RELOAD")) {
            others.reload().reload(call);
        } else if (call.is(1, "POPULATE") && call.count() >= 3 && call.count() <= 5) {
            DebugPopulate.populate(call);
        } else if (!packed.debug(call) && !others.cluster().debug(call)) {
            throw new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                    + call.text(1) + "'. Try DEBUG HELP.");
        }
    }

    /** Holds every slot for a while: commands on keys wait, the cluster bus goes on. */
    private void sleep(Call call) {
        long nanos = (long) (seconds(call.text(2)) * NANOS_PER_SECOND);
        SlotLocks locks = call.keyspace().locks();
        Suspension suspension = call.suspend();
        background.execute(() -> {
            locks.lockWorld();
            try {
                long end = System.nanoTime() + nanos;
                for (long left = nanos; left > 0; left = end - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            } finally {
                locks.unlockWorld();
            }
            suspension.resume(reply -> reply.ok());
        });
    }

    /** Leading number of a text as C reads it: what is no number is 0. */
    private static double seconds(String text) {
        try {
            return Math.max(0, Math.min(Double.parseDouble(text), TimeUnit.DAYS.toSeconds(1)));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
