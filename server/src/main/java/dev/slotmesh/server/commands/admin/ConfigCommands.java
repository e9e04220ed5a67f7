package dev.slotmesh.server.commands.admin;

import dev.slotmesh.keyspace.SlotLocks;
import dev.slotmesh.server.config.ConfigOutcome;
import dev.slotmesh.server.config.Configuration;
import dev.slotmesh.server.config.PersistenceDirectives;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.HelpReply;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** CONFIG GET, SET, RESETSTAT and REWRITE. */
public final class ConfigCommands {
    private final Configuration configuration;
    private final Runnable resetCounts;

    /** @param resetCounts begins the counts anew that sessions do not keep */
    public ConfigCommands(Configuration configuration, Runnable resetCounts) {
        this.configuration = configuration;
        this.resetCounts = resetCounts;
    }

    public void bind(CommandBindings bindings) {
        bindings.bind("config|get", this::get)
                .bind("config|set", this::set)
                .bind("config|resetstat", this::resetStatistics)
                .bind("config|rewrite", this::rewrite)
                .bind("config|help", this::help);
    }

    private void get(Call call) {
        SortedMap<String, String> shown = configuration.show(words(call));
        call.reply().map(shown.size());
        shown.forEach((name, value) -> {
            call.reply().bulk(name);
            call.reply().bulk(value);
        });
    }

    private void set(Call call) {
        if (call.count() % 2 != 0) {
            throw ErrorReply.SYNTAX;
        }
        List<String> words = words(call);
        if (words.stream().noneMatch(PersistenceDirectives.APPENDONLY.name()::equalsIgnoreCase)) {
            set(call, words);
            return;
        }
        // Its listener needs the world lock, and a transaction comes with that to the
        // configuration's.
        SlotLocks locks = call.keyspace().locks();
        locks.lockWorld();
        try {
            set(call, words);
        } finally {
            locks.unlockWorld();
        }
    }

    private void set(Call call, List<String> words) {
        answer(call, configuration.set(words, call.session().connection().fromThisMachine()));
    }

    private void resetStatistics(Call call) {
        call.dispatcher().resetStatistics();
        resetCounts.run();
        call.reply().ok();
    }

    private void rewrite(Call call) {
        answer(call, configuration.rewrite());
    }

    private static void answer(Call call, ConfigOutcome outcome) {
        if (outcome instanceof ConfigOutcome.Refused refused) {
            throw new ErrorReply("ERR " + refused.error());
        }
        call.reply().ok();
    }

    private static List<String> words(Call call) {
        List<String> words = new ArrayList<>(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            words.add(call.text(i));
        }
        return words;
    }

    private void help(Call call) {
        HelpReply.write(
                call,
                "GET <pattern>",
                "    Names and values of the parameters that match a glob.",
                "SET <directive> <value>",
                "    Change a parameter.",
                "RESETSTAT",
                "    Start the counters of INFO anew.",
                "REWRITE",
                "    Write the values in force to the configuration file.");
    }
}
