package dev.slotmesh.server.commands.geo;

/** A rectangle of degrees; its edges may lie beyond the ends of the map. */
record GeoBounds(double west, double south, double east, double north) {

    /**
     * The smallest rectangle around all that lies within some metres of a position: {@code halfWidth} to either side at the
     * parallel where the meridians are nearest to each other, {@code halfHeight} up and down.
     */
    static GeoBounds around(GeoPosition centre, double halfWidth, double halfHeight) {
        double longitude = centre.longitude();
        double latitude = centre.latitude();
        double up = GeoDistance.degrees(halfHeight / GeoDistance.EARTH_RADIUS_METERS);
        double narrowest = latitude < 0 ? latitude - up : latitude + up;
        double aside = GeoDistance.degrees(halfWidth
                / GeoDistance.EARTH_RADIUS_METERS
                / Math.cos(GeoDistance.radians(narrowest)));
        return new GeoBounds(longitude - aside, latitude - up, longitude + aside, latitude + up);
    }
}
