package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.persistence.aof.AppendOnlyFile;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

import java.util.function.Supplier;

/** BGREWRITEAOF. */
public final class RewriteCommand {
    private final Supplier<AppendOnlyFile> file;

    public RewriteCommand(Supplier<AppendOnlyFile> file) {
        this.file = file;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("bgrewriteaof", this::rewrite);
    }

    /** Inside a transaction it begins later. */
    private void rewrite(Call call) {
        switch (file.get().rewrite(call.session().inTransaction())) {
            case STARTED ->
                call.reply().simpleString("Background append only file rewriting started");
            case SCHEDULED ->
                call.reply().simpleString("Background append only file rewriting scheduled");
            case RUNNING ->
                throw new ErrorReply(
                        "ERR Background append only file rewriting already in progress");
            case FAILED ->
                throw new ErrorReply(
                        "ERR Can't execute an AOF background rewriting. Please check the"
                                + " server logs for more information.");
        }
    }
}
