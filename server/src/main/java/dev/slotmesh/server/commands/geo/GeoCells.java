package dev.slotmesh.server.commands.geo;

import java.util.Arrays;

/**
 * The cells of the map that cover a shape: the one its centre is in and those of the eight around it that reach into its
 * bounds, all of one size. A cell is a range of scores. Their order (centre, then north, south, east, west, and the corners)
 * is that of the matches in a reply that is not sorted.
 */
final class GeoCells {
    /** Half the circumference of the earth where the square map is made, metres. */
    private static final double WORLD_METERS = 20037726.37;

    private static final double POLAR_LATITUDE = 66;
    private static final double NEAR_POLE_LATITUDE = 80;
    private static final int LEAST_STEPS_TO_OMIT = 2;

    /** How far each cell lies from the centre's, to the east and to the north. */
    private static final int[][] OFFSETS = {
        {0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}
    };

    private final GeoBounds bounds;
    private final int steps;
    private final long column;
    private final long row;

    private GeoCells(GeoShape shape, GeoBounds bounds, int steps) {
        this.bounds = bounds;
        this.steps = steps;
        this.column = Geohash.place(shape.centre().longitude(), Geohash.LONGITUDE_LIMIT, steps);
        this.row = Geohash.place(shape.centre().latitude(), Geohash.LATITUDE_LIMIT, steps);
    }

    /**
     * The cells as pairs of scores: from the first, included, to the second, excluded. One that repeats the one before it (a
     * world of few cells) is left out.
     */
    static long[][] covering(GeoShape shape) {
        GeoBounds bounds = shape.bounds();
        int steps = steps(shape.reachMeters(), shape.centre().latitude());
        GeoCells cells = new GeoCells(shape, bounds, steps);
        if (steps > 1 && cells.leaveSomethingOut()) {
            cells = new GeoCells(shape, bounds, steps - 1);
        }
        return cells.ranges();
    }

    /** How finely to divide the map so that a cell is not smaller than the shape, or not much: 1 to 26. */
    static int steps(double reachMeters, double latitude) {
        if (reachMeters == 0) {
            return Geohash.STEPS;
        }
        int steps = 1;
        for (double reach = reachMeters; reach < WORLD_METERS; reach *= 2) {
            steps++;
        }
        steps -= 2;
        if (Math.abs(latitude) > POLAR_LATITUDE) {
            steps -= Math.abs(latitude) > NEAR_POLE_LATITUDE ? 2 : 1;
        }
        return Math.max(1, Math.min(Geohash.STEPS, steps));
    }

    /** Whether the nine cells together end before the bounds do. */
    private boolean leaveSomethingOut() {
        return latitudeEdge(wrapped(row + 1) + 1) < bounds.north()
                || latitudeEdge(wrapped(row - 1)) > bounds.south()
                || longitudeEdge(wrapped(column + 1) + 1) < bounds.east()
                || longitudeEdge(wrapped(column - 1)) > bounds.west();
    }

    private long[][] ranges() {
        long[][] ranges = new long[OFFSETS.length][];
        int count = 0;
        for (int[] offset : OFFSETS) {
            if (isUseful(offset[0], offset[1])) {
                long bits = Geohash.interleave(moved(column, offset[0]), moved(row, offset[1]));
                int shift = 2 * (Geohash.STEPS - steps);
                long[] range = {bits << shift, bits + 1 << shift};
                if (count == 0 || range[0] != ranges[count - 1][0]) {
                    ranges[count++] = range;
                }
            }
        }
        return Arrays.copyOf(ranges, count);
    }

    /** Whether the shape goes beyond the middle cell on every side on which a cell lies. */
    private boolean isUseful(int toEast, int toNorth) {
        if (steps < LEAST_STEPS_TO_OMIT) {
            return true;
        }
        boolean omitted = toNorth < 0 && latitudeEdge(row) < bounds.south()
                || toNorth > 0 && latitudeEdge(row + 1) > bounds.north()
                || toEast < 0 && longitudeEdge(column) < bounds.west()
                || toEast > 0 && longitudeEdge(column + 1) > bounds.east();
        return !omitted;
    }

    /** A place in the next column or row, around the world; the last edge of the map keeps a place of its own. */
    private long moved(long place, int by) {
        return by == 0 ? place : wrapped(place + by);
    }

    private long wrapped(long place) {
        return place & (1L << steps) - 1;
    }

    private double longitudeEdge(long place) {
        return Geohash.edge(place, Geohash.LONGITUDE_LIMIT, steps);
    }

    private double latitudeEdge(long place) {
        return Geohash.edge(place, Geohash.LATITUDE_LIMIT, steps);
    }
}
