package dev.slotmesh.server.commands.persistence;

import dev.slotmesh.server.persistence.RdbSaves;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;

/** SAVE, BGSAVE and LASTSAVE. */
public final class SaveCommands {
    private static final ErrorReply UNDER_WAY =
            new ErrorReply("ERR Background save already in progress");
    private static final ErrorReply OCCUPIED = new ErrorReply(
            "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a"
                    + " BGSAVE whenever possible.");
    private static final ErrorReply FAILED = new ErrorReply("ERR");

    private final RdbSaves saves;

    public SaveCommands(RdbSaves saves) {
        this.saves = saves;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("save", this::save)
                .bind("bgsave", this::saveInBackground)
                .bind("lastsave", this::lastSave);
    }

    private void save(Call call) {
        if (saves.isSaving()) {
            throw UNDER_WAY;
        }
        if (!saves.saveNow()) {
            throw FAILED;
        }
        call.reply().ok();
    }

    private void saveInBackground(Call call) {
        boolean schedule = call.count() > 1;
        if (schedule && (call.count() > 2 || !call.is(1, "SCHEDULE"))) {
            throw ErrorReply.SYNTAX;
        }
        switch (saves.startInBackground(schedule, call.session().inTransaction())) {
            case STARTED -> call.reply().simpleString("Background saving started");
            case SCHEDULED -> call.reply().simpleString("Background saving scheduled");
            case SAVING -> throw UNDER_WAY;
            case OCCUPIED -> throw OCCUPIED;
        }
    }

    private void lastSave(Call call) {
        call.reply().integer(saves.lastSavedSeconds());
    }
}
