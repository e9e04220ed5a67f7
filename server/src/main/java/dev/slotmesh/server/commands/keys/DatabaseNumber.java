package dev.slotmesh.server.commands.keys;

import dev.slotmesh.keyspace.Database;
import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** Numbers of databases as arguments. */
final class DatabaseNumber {
    private static final ErrorReply OUT_OF_RANGE = new ErrorReply("ERR DB index is out of range");

    private DatabaseNumber() {}

    /**
     * A number of a database that there is.
     *
     * @throws ErrorReply {@link #OUT_OF_RANGE}
     */
    static int checked(Call call, int number) {
        if (number < 0 || number >= call.keyspace().databaseCount()) {
            throw OUT_OF_RANGE;
        }
        return number;
    }

    /**
     * The database of that number.
     *
     * @throws ErrorReply {@link #OUT_OF_RANGE}
     */
    static Database database(Call call, int number) {
        return call.keyspace().database(checked(call, number));
    }
}
