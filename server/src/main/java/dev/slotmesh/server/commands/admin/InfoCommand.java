package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.report.StatusReport;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;

import java.util.ArrayList;
import java.util.List;

/** INFO. */
public final class InfoCommand {
    private final StatusReport report;

    public InfoCommand(StatusReport report) {
        this.report = report;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("info", this::info);
    }

    private void info(Call call) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            names.add(call.text(i));
        }
        call.reply().verbatim("txt", report.text(names));
    }
}
