package dev.slotmesh.server.commands.geo;

/**
 * Positions on earth as integers: each coordinate's place in its range as {@code steps} bits, interleaved, longitude in the
 * odd and latitude in the even bits. Of 26 steps, 52 bits, a double holds every value exactly: that is the score of a
 * member.
 *
 * <p>The order of the floating point operations is part of the format: it decides the last digits that clients see.
 */
final class Geohash {
    /** Bits of each coordinate in a score. */
    static final int STEPS = 26;

    /** Longitudes are -180 to 180 degrees, both included. */
    static final double LONGITUDE_LIMIT = 180;

    /** Latitudes are within this many degrees, included: where the square map of the world ends. */
    static final double LATITUDE_LIMIT = 85.05112878;

    private static final String ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final int STANDARD_CHARACTERS = 10;
    private static final double STANDARD_LATITUDE_LIMIT = 90;

    private Geohash() {}

    /** Whether a position is one that can be encoded; NaN is not. */
    static boolean isValid(double longitude, double latitude) {
        return longitude >= -LONGITUDE_LIMIT
                && longitude <= LONGITUDE_LIMIT
                && latitude >= -LATITUDE_LIMIT
                && latitude <= LATITUDE_LIMIT;
    }

    /** The 52 bits of a valid position. */
    static long encode(double longitude, double latitude) {
        return interleave(
                place(longitude, LONGITUDE_LIMIT, STEPS), place(latitude, LATITUDE_LIMIT, STEPS));
    }

    /** The longitude in the middle of what the 52 bits stand for. */
    static double longitude(long bits) {
        return middle(evenBits(bits >>> 1), LONGITUDE_LIMIT);
    }

    /** The latitude in the middle of what the 52 bits stand for. */
    static double latitude(long bits) {
        return middle(evenBits(bits), LATITUDE_LIMIT);
    }

    /** The place of a coordinate in its range, cut into 2^steps parts: 0 to 2^steps. */
    static long place(double degrees, double limit, int steps) {
        double share = (degrees + limit) / (limit + limit);
        return (long) (share * (1L << steps));
    }

    /** Where part {@code place} of 2^steps parts of a range begins, degrees. */
    static double edge(long place, double limit, int steps) {
        return -limit + place * 1.0 / (1L << steps) * (limit + limit);
    }

    /** Longitude and latitude bits one by one, longitude first from the top. */
    static long interleave(long longitudePlace, long latitudePlace) {
        return spread(latitudePlace) | spread(longitudePlace) << 1;
    }

    /** The widespread text form of 11 characters, of which the last is always 0: its range of latitudes is 90 degrees. */
    static String text(long bits) {
        double longitude = longitude(bits);
        double latitude = latitude(bits);
        long standard = interleave(
                place(longitude, LONGITUDE_LIMIT, STEPS),
                place(latitude, STANDARD_LATITUDE_LIMIT, STEPS));
        StringBuilder text = new StringBuilder(STANDARD_CHARACTERS + 1);
        for (int i = 1; i <= STANDARD_CHARACTERS; i++) {
            text.append(ALPHABET.charAt((int) (standard >>> (2 * STEPS - 5 * i)) & 0x1F));
        }
        return text.append('0').toString();
    }

    private static double middle(long place, double limit) {
        double centre = (edge(place, limit, STEPS) + edge(place + 1, limit, STEPS)) / 2;
        return Math.max(-limit, Math.min(limit, centre));
    }

    /** Moves bit i of the low 32 to bit 2i. */
    private static long spread(long place) {
        long bits = place & 0xFFFF_FFFFL;
        bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFFL;
        bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FFL;
        bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333L;
        return (bits | bits << 1) & 0x5555_5555_5555_5555L;
    }

    /** Moves bit 2i to bit i, dropping the odd ones. */
    private static long evenBits(long interleaved) {
        long bits = interleaved & 0x5555_5555_5555_5555L;
        bits = (bits | bits >>> 1) & 0x3333_3333_3333_3333L;
        bits = (bits | bits >>> 2) & 0x0F0F_0F0F_0F0F_0F0FL;
        bits = (bits | bits >>> 4) & 0x00FF_00FF_00FF_00FFL;
        bits = (bits | bits >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (bits | bits >>> 16) & 0xFFFF_FFFFL;
    }
}
