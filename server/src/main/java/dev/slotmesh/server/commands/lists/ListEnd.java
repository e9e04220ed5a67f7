package dev.slotmesh.server.commands.lists;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.session.KeyEvent;

/** An end of a list, with the events that tell of pushes and pops there. */
enum ListEnd {
    LEFT(KeyEvent.list("lpush"), KeyEvent.list("lpop")),
    RIGHT(KeyEvent.list("rpush"), KeyEvent.list("rpop"));

    private final KeyEvent push;
    private final KeyEvent pop;

    ListEnd(KeyEvent push, KeyEvent pop) {
        this.push = push;
        this.pop = pop;
    }

    /**
     * The end that an argument names.
     *
     * @throws ErrorReply {@code syntax error} for any other word
     */
    static ListEnd of(Call call, int argument) {
        if (call.is(argument, "LEFT")) {
            return LEFT;
        }
        if (call.is(argument, "RIGHT")) {
            return RIGHT;
        }
        throw ErrorReply.SYNTAX;
    }

    boolean isFirst() {
        return this == LEFT;
    }

    /** The command that pops here. */
    String popCommand() {
        return isFirst() ? "LPOP" : "RPOP";
    }

    /** The end as the argument of a command. */
    String word() {
        return isFirst() ? "left" : "right";
    }

    KeyEvent push() {
        return push;
    }

    KeyEvent pop() {
        return pop;
    }
}
