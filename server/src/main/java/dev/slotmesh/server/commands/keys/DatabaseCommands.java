package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.DetachedKeys;
import dev.slotmesh.keyspace.Keyspace;
import dev.slotmesh.keyspace.Remains;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * SELECT, SWAPDB, DBSIZE, FLUSHALL and FLUSHDB.
 *
 * <p>A flush holds the world lock only while the databases are emptied; their memory is freed after it, by this thread or
 * (ASYNC) in the background, so that other clients wait for neither.
 */
final class DatabaseCommands {
    private static final ErrorReply SELECT_IN_CLUSTER =
            new ErrorReply("ERR SELECT is not allowed in cluster mode");
    private static final ErrorReply SWAP_IN_CLUSTER =
            new ErrorReply("ERR SWAPDB is not allowed in cluster mode");
    private static final ErrorReply INVALID_FIRST = new ErrorReply("ERR invalid first DB index");
    private static final ErrorReply INVALID_SECOND = new ErrorReply("ERR invalid second DB index");
    private static final long FREEING_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BooleanSupplier flushLater;
    private final Runnable freeLater;
    private final Runnable whenAllFlushed;

    DatabaseCommands(BooleanSupplier flushLater, Runnable freeLater, Runnable whenAllFlushed) {
        this.whenAllFlushed = whenAllFlushed;
        this.flushLater = flushLater;
        this.freeLater = freeLater;
    }

    void bind(CommandBindings bindings) {
        bindings.bind("select", this::select)
                .bind("swapdb", this::swap)
                .bind("dbsize", this::size)
                .bind("flushall", this::flushAll)
                .bind("flushdb", this::flushDatabase);
    }

    private void select(Call call) {
        int number = call.smallInteger(1);
        if (call.clusterEnabled() && number != 0) {
            throw SELECT_IN_CLUSTER;
        }
        call.client().database(DatabaseNumber.checked(call, number));
        call.reply().ok();
    }

    private void swap(Call call) {
        if (call.clusterEnabled()) {
            throw SWAP_IN_CLUSTER;
        }
        int first = number(call, 1, INVALID_FIRST);
        int second = number(call, 2, INVALID_SECOND);
        DatabaseNumber.checked(call, first);
        DatabaseNumber.checked(call, second);
        Keyspace keyspace = call.keyspace();
        call.underWorldLock(() -> {
            if (first == second) {
                call.alsoCounts(1);
                call.propagateVerbatimAnyway();
            } else {
                call.swapping(keyspace.database(first), keyspace.database(second));
                keyspace.swap(first, second);
            }
        });
        call.reply().ok();
    }

    private static int number(Call call, int argument, ErrorReply otherwise) {
        long number = call.integer(argument, otherwise);
        if (number != (int) number) {
            throw otherwise;
        }
        return (int) number;
    }

    private void size(Call call) {
        call.reply().integer(call.database().keyCount());
    }

    private void flushAll(Call call) {
        flush(call, 0, call.keyspace().databaseCount() - 1, whenAllFlushed);
    }

    private void flushDatabase(Call call) {
        int selected = call.client().database();
        flush(call, selected, selected, () -> {});
    }

    private void flush(Call call, int first, int last, Runnable whenEmpty) {
        boolean later = isAsync(call);
        List<DetachedKeys> former = new ArrayList<>();
        Keyspace keyspace = call.keyspace();
        call.underWorldLock(() -> {
            call.propagateVerbatimAnyway();
            for (int number = first; number <= last; number++) {
                call.flushing(keyspace.database(number));
                former.add(keyspace.database(number).detach());
            }
        });
        former.forEach(keyspace.remains()::add);
        whenEmpty.run();
        if (later) {
            freeLater.run();
        } else {
            freeNow(keyspace.remains());
        }
        call.reply().ok();
    }

    private boolean isAsync(Call call) {
        if (call.count() == 1) {
            return flushLater.getAsBoolean();
        }
        if (call.count() > 2 || !(call.is(1, "ASYNC") || call.is(1, "SYNC"))) {
            throw ErrorReply.SYNTAX;
        }
        return call.is(1, "ASYNC");
    }

    private static void freeNow(Remains remains) {
        boolean free = false;
        while (!free) {
            free = remains.free(FREEING_STEP_NANOS);
            if (!free) {
                Thread.yield();
            }
        }
    }
}
