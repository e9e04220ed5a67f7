package dev.slotmesh.server.commands.geo;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;

/** A unit of distance. */
enum GeoUnit {
    M(1),
    KM(1000),
    FT(0.3048),
    MI(1609.34);

    private static final ErrorReply UNKNOWN =
            new ErrorReply("ERR unsupported unit provided. please use M, KM, FT, MI");

    private final double meters;

    GeoUnit(double meters) {
        this.meters = meters;
    }

    double meters() {
        return meters;
    }

    /**
     * The unit that an argument names, in any case.
     *
     * @throws ErrorReply when it names none
     */
    static GeoUnit of(Call call, int argument) {
        for (GeoUnit unit : values()) {
            if (call.is(argument, unit.name())) {
                return unit;
            }
        }
        throw UNKNOWN;
    }
}
