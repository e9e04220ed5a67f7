package dev.slotmesh.server.commands.streams;

import dev.slotmesh.keyspace.KeyType;
import dev.slotmesh.keyspace.Slot;
import dev.slotmesh.keyspace.Streams;
import dev.slotmesh.keyspace.stream.Consumers;
import dev.slotmesh.keyspace.stream.Groups;
import dev.slotmesh.keyspace.stream.StreamHead;
import dev.slotmesh.keyspace.stream.StreamId;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.CommandBindings;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.HelpReply;
import dev.slotmesh.server.session.KeyEvent;

import java.util.Locale;

/** XGROUP. */
final class GroupCommands {
    private static final KeyEvent CREATED = KeyEvent.stream("xgroup-create");
    private static final KeyEvent ID_SET = KeyEvent.stream("xgroup-setid");
    private static final KeyEvent DESTROYED = KeyEvent.stream("xgroup-destroy");
    private static final KeyEvent CONSUMER_DELETED = KeyEvent.stream("xgroup-delconsumer");
    private static final ErrorReply NO_KEY =
            new ErrorReply("ERR The XGROUP subcommand requires the key to exist."
                    + " Note that for CREATE you may want to use the MKSTREAM option to create an"
                    + " empty stream automatically.");
    private static final ErrorReply EXISTS =
            new ErrorReply("BUSYGROUP Consumer Group name already exists");
    private static final ErrorReply BAD_ENTRIES_READ =
            new ErrorReply("ERR value for ENTRIESREAD must be positive or -1");
    private static final int KEY = 2;
    private static final int GROUP = 3;
    private static final int ID = 4;
    private static final int CONSUMER = 4;

    void bind(CommandBindings bindings) {
        bindings.bind("xgroup|create", this::create)
                .bind("xgroup|setid", this::setId)
                .bind("xgroup|destroy", this::destroy)
                .bind("xgroup|createconsumer", this::createConsumer)
                .bind("xgroup|delconsumer", this::deleteConsumer)
                .bind("xgroup|help", this::help);
    }

    private void create(Call call) {
        Options options = Options.parse(call, true);
        Slot slot = call.slot(KEY);
        long entry = call.write(slot, KEY, KeyType.STREAM);
        if (entry == Slot.ABSENT && !options.makeStream) {
            throw NO_KEY;
        }
        requireAtMost(call, 8);
        StreamId last = id(call, slot, entry, true);
        boolean made = entry == Slot.ABSENT;
        if (made) {
            entry = Streams.create(slot, call.span(KEY), call.nowMs());
        }
        long stream = Streams.of(slot, entry);
        if (Groups.find(stream, call.span(GROUP)) != 0) {
            throw EXISTS;
        }
        long group = Groups.create(slot.stripe(entry), stream, call.span(GROUP), last);
        Groups.entriesRead(group, options.entriesRead);
        call.reply().ok();
        if (made) {
            call.changed(slot, KEY, CREATED);
        } else {
            call.changedUnwatched(slot, KEY, CREATED);
        }
    }

    private void setId(Call call) {
        Options options = Options.parse(call, false);
        GroupPlace place = require(call);
        requireAtMost(call, 7);
        StreamId last = id(call, place.slot(), place.entry(), false);
        Groups.lastId(place.group(), last.ms(), last.seq());
        Groups.entriesRead(place.group(), options.entriesRead);
        call.reply().ok();
        call.changedUnwatched(place.slot(), KEY, ID_SET);
    }

    private void destroy(Call call) {
        GroupPlace place = find(call);
        if (place.isAbsent()) {
            call.reply().integer(0);
            return;
        }
        Streams.destroyGroup(place.slot(), place.entry(), place.group());
        call.reply().integer(1);
        call.changedUnwatched(place.slot(), KEY, DESTROYED);
    }

    private void createConsumer(Call call) {
        GroupPlace place = require(call);
        if (Consumers.find(place.group(), call.span(CONSUMER)) != 0) {
            call.reply().integer(0);
            return;
        }
        place.createConsumer(call.span(CONSUMER), call.nowMs());
        call.reply().integer(1);
        call.changedUnwatched(place.slot(), KEY, GroupPlace.CONSUMER_CREATED);
    }

    private void deleteConsumer(Call call) {
        GroupPlace place = require(call);
        long consumer = Consumers.find(place.group(), call.span(CONSUMER));
        if (consumer == 0) {
            call.reply().integer(0);
            return;
        }
        call.reply().integer(Consumers.remove(place.stripe(), place.group(), consumer));
        call.changedUnwatched(place.slot(), KEY, CONSUMER_DELETED);
    }

    private void help(Call call) {
        HelpReply.write(
                call,
                "CREATE <key> <groupname> <id|$> [option]",
                "    Create a new consumer group. Options are:",
                "    * MKSTREAM",
                "      Create the empty stream if it does not exist.",
                "    * ENTRIESREAD entries_read",
                "      Set the group's entries_read counter (internal use).",
                "CREATECONSUMER <key> <groupname> <consumer>",
                "    Create a new consumer in the specified group.",
                "DELCONSUMER <key> <groupname> <consumer>",
                "    Remove the specified consumer.",
                "DESTROY <key> <groupname>",
                "    Remove the specified group.",
                "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
                "    Set the current group ID and entries_read counter.");
    }

    /** The group named, of a stream that must be there. */
    private static GroupPlace find(Call call) {
        Slot slot = call.slot(KEY);
        long entry = call.write(slot, KEY, KeyType.STREAM);
        if (entry == Slot.ABSENT) {
            throw NO_KEY;
        }
        return GroupPlace.of(slot, entry, call.span(GROUP));
    }

    private static GroupPlace require(Call call) {
        GroupPlace place = find(call);
        if (place.isAbsent()) {
            throw GroupPlace.noGroup(call, KEY, GROUP);
        }
        return place;
    }

    private static StreamId id(Call call, Slot slot, long entry, boolean exact) {
        if (call.length(ID) == 1 && call.span(ID).byteAt(0) == '$') {
            return entry == Slot.ABSENT ? StreamId.MIN : StreamHead.lastId(Streams.of(slot, entry));
        }
        return exact ? IdArgument.exact(call, ID) : IdArgument.anyOf(call, ID);
    }

    private static void requireAtMost(Call call, int words) {
        if (call.count() > words) {
            throw wrongSubcommand(call);
        }
    }

    /** The error for options that a subcommand does not have. */
    static ErrorReply wrongSubcommand(Call call) {
        String name = call.spec().name();
        String container = name.substring(0, name.indexOf('|')).toUpperCase(Locale.ROOT);
        return new ErrorReply("ERR unknown subcommand or wrong number of arguments for '"
                + call.text(1) + "'. Try " + container + " HELP.");
    }

    /** What stands behind the ID. */
    private static final class Options {
        private boolean makeStream;
        private long entriesRead = Groups.UNKNOWN_COUNT;

        static Options parse(Call call, boolean mayMake) {
            Options options = new Options();
            int i = ID + 1;
            while (i < call.count()) {
                if (mayMake && call.is(i, "MKSTREAM")) {
                    options.makeStream = true;
                    i++;
                } else if (i + 1 < call.count() && call.is(i, "ENTRIESREAD")) {
                    options.entriesRead = call.integer(i + 1);
                    if (options.entriesRead < Groups.UNKNOWN_COUNT) {
                        throw BAD_ENTRIES_READ;
                    }
                    i += 2;
                } else {
                    throw wrongSubcommand(call);
                }
            }
            return options;
        }
    }
}
