package dev.slotmesh.server.commands.geo;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Distances on a sphere of the earth's mean size, by the haversine formula; metres and degrees. */
final class GeoDistance {
    static final double EARTH_RADIUS_METERS = 6372797.560856;

    private static final double RADIANS_A_DEGREE = Math.PI / 180;
    private static final int PRINTED_DECIMALS = 4;

    private GeoDistance() {}

    /** Metres between two positions. */
    static double between(GeoPosition one, GeoPosition other) {
        double across = Math.sin((radians(other.longitude()) - radians(one.longitude())) / 2);
        if (across == 0) {
            return ofLatitudes(one.latitude(), other.latitude());
        }
        double from = radians(one.latitude());
        double to = radians(other.latitude());
        double along = Math.sin((to - from) / 2);
        double chord = along * along + Math.cos(from) * Math.cos(to) * across * across;
        return 2.0 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(chord));
    }

    /** Metres between two latitudes on one meridian. */
    static double ofLatitudes(double latitude, double otherLatitude) {
        return EARTH_RADIUS_METERS * Math.abs(radians(otherLatitude) - radians(latitude));
    }

    static double radians(double degrees) {
        return degrees * RADIANS_A_DEGREE;
    }

    static double degrees(double radians) {
        return radians / RADIANS_A_DEGREE;
    }

    /** A distance with four decimals, as C prints it with {@code %.4f}. */
    static String text(double distance) {
        return new BigDecimal(distance)
                .setScale(PRINTED_DECIMALS, RoundingMode.HALF_EVEN)
                .toPlainString();
    }
}
