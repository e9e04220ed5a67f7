package dev.slotmesh.server.commands.geo;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** A position on earth, in degrees. */
record GeoPosition(double longitude, double latitude) {
    /** Where the equator and the meridian of Greenwich meet. */
    static final GeoPosition ORIGIN = new GeoPosition(0, 0);

    private static final double HALF_RANGE = 0x1p63;
    private static final int PRINTED_DECIMALS = 17;

    /** The position that a member's score stands for. */
    static GeoPosition of(double score) {
        long bits = bits(score);
        return new GeoPosition(Geohash.longitude(bits), Geohash.latitude(bits));
    }

    /** The 52 bits of a score; those that x86-64 makes of one that is no position. */
    static long bits(double score) {
        if (score < HALF_RANGE) {
            return (long) score;
        }
        double above = score - HALF_RANGE;
        return above < HALF_RANGE ? (long) above ^ Long.MIN_VALUE : 0;
    }

    /** A coordinate with up to 17 decimals and no zeros behind them. */
    static String text(double degrees) {
        BigDecimal printed =
                new BigDecimal(degrees).setScale(PRINTED_DECIMALS, RoundingMode.HALF_EVEN);
        return printed.signum() == 0 ? "0" : printed.stripTrailingZeros().toPlainString();
    }
}
