package dev.slotmesh.server.commands.geo;

import dev.slotmesh.server.session.Call;
import dev.slotmesh.server.session.ErrorReply;
import dev.slotmesh.server.text.DoubleReader;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Coordinates and distances in a request. */
final class GeoArguments {
    private static final ErrorReply RADIUS = new ErrorReply("ERR need numeric radius");
    private static final ErrorReply NEGATIVE_RADIUS =
            new ErrorReply("ERR radius cannot be negative");
    private static final ErrorReply WIDTH = new ErrorReply("ERR need numeric width");
    private static final ErrorReply HEIGHT = new ErrorReply("ERR need numeric height");
    private static final ErrorReply NEGATIVE_SIDE =
            new ErrorReply("ERR height or width cannot be negative");

    private GeoArguments() {}

    /**
     * The position given by a longitude and, in the argument behind it, a latitude.
     *
     * @throws ErrorReply when one is no number, or both together are outside the map
     */
    static GeoPosition position(Call call, int argument) {
        double longitude = number(call, argument, ErrorReply.NOT_A_FLOAT);
        double latitude = number(call, argument + 1, ErrorReply.NOT_A_FLOAT);
        if (!Geohash.isValid(longitude, latitude)) {
            throw new ErrorReply("ERR invalid longitude,latitude pair " + sixDecimals(longitude)
                    + "," + sixDecimals(latitude));
        }
        return new GeoPosition(longitude, latitude);
    }

    /** The circle of a radius and, in the argument behind it, a unit; around nothing yet. */
    static GeoShape circle(Call call, int argument) {
        double radius = number(call, argument, RADIUS);
        if (radius < 0) {
            throw NEGATIVE_RADIUS;
        }
        return new GeoShape.Circle(GeoPosition.ORIGIN, radius, GeoUnit.of(call, argument + 1));
    }

    /** The box of a width, a height and a unit, in three arguments; around nothing yet. */
    static GeoShape box(Call call, int argument) {
        double width = number(call, argument, WIDTH);
        double height = number(call, argument + 1, HEIGHT);
        if (width < 0 || height < 0) {
            throw NEGATIVE_SIDE;
        }
        return new GeoShape.Box(GeoPosition.ORIGIN, width, height, GeoUnit.of(call, argument + 2));
    }

    private static double number(Call call, int argument, ErrorReply otherwise) {
        double number = DoubleReader.read(call.span(argument));
        if (Double.isNaN(number)) {
            throw otherwise;
        }
        return number;
    }

    /** As C prints it with {@code %f}. */
    private static String sixDecimals(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        String digits =
                new BigDecimal(number).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
        boolean negative = Math.copySign(1, number) < 0;
        return negative && !digits.startsWith("-") ? "-" + digits : digits;
    }
}
