package dev.slotmesh.server.commands.geo;

/** What is searched: an area around a position, in metres and degrees. */
sealed interface GeoShape {
    /** Instead of a distance: the position is outside. */
    double OUTSIDE = -1;

    double longitude();

    double latitude();

    GeoUnit unit();

    /** Metres from the centre to the farthest point of the area. */
    double reachMeters();

    /** The rectangle around the area. */
    GeoBounds bounds();

    /** Metres from the centre to a position, or {@link #OUTSIDE}. */
    double distanceIfInside(double longitude, double latitude);

    /** All within a radius, which is in units. */
    record Circle(double longitude, double latitude, double radius, GeoUnit unit)
            implements GeoShape {

        @Override
        public double reachMeters() {
            return radius * unit.meters();
        }

        @Override
        public GeoBounds bounds() {
            return GeoBounds.around(longitude, latitude, reachMeters(), reachMeters());
        }

        @Override
        public double distanceIfInside(double toLongitude, double toLatitude) {
            double distance = GeoDistance.between(longitude, latitude, toLongitude, toLatitude);
            return distance > reachMeters() ? OUTSIDE : distance;
        }
    }

    /** All within half a width to the east and west and half a height to the north and south; both are in units. */
    record Box(double longitude, double latitude, double width, double height, GeoUnit unit)
            implements GeoShape {

        @Override
        public double reachMeters() {
            return Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2)) * unit.meters();
        }

        @Override
        public GeoBounds bounds() {
            return GeoBounds.around(
                    longitude, latitude, unit.meters() * (width / 2), unit.meters() * (height / 2));
        }

        @Override
        public double distanceIfInside(double toLongitude, double toLatitude) {
            if (GeoDistance.ofLatitudes(toLatitude, latitude) > height * unit.meters() / 2
                    || GeoDistance.between(toLongitude, toLatitude, longitude, toLatitude)
                            > width * unit.meters() / 2) {
                return OUTSIDE;
            }
            return GeoDistance.between(longitude, latitude, toLongitude, toLatitude);
        }
    }
}
