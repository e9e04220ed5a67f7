package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.log.NodeLog;
import dev.slotmesh.server.persistence.LoadFailure;
import dev.slotmesh.server.persistence.aof.AppendOnlyFile;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.Suspension;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** DEBUG LOADAOF: the data set is replaced by what its append-only file has; meanwhile clients are answered LOADING. */
public final class DebugLoadAof {
    private final Supplier<AppendOnlyFile> file;
    private final Executor background;
    private final NodeLog log;

    /** @param background where the load goes on */
    public DebugLoadAof(Supplier<AppendOnlyFile> file, Executor background, NodeLog log) {
        this.file = file;
        this.background = background;
        this.log = log;
    }

    void run(Call call) {
        Suspension suspension = call.suspend();
        background.execute(() -> {
            boolean loaded = load();
            suspension.resume(reply -> {
                if (loaded) {
                    reply.ok();
                } else {
                    reply.error("ERR");
                }
            });
        });
    }

    private boolean load() {
        try {
            file.get().reload();
            log.warning("Append Only File loaded by DEBUG LOADAOF");
            return true;
        } catch (LoadFailure | CancellationException failure) {
            log.warning(failure.getMessage());
            return false;
        }
    }
}
