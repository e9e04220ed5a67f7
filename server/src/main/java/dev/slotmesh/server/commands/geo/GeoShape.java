package dev.slotmesh.server.commands.geo;

/** What is searched: an area around a position, in metres and degrees. */
sealed interface GeoShape {
    /** Instead of a distance: the position is outside. */
    double OUTSIDE = -1;

    GeoPosition centre();

    GeoUnit unit();

    /** The same shape around another position. */
    GeoShape around(GeoPosition position);

    /** Metres from the centre to the farthest point of the area. */
    double reachMeters();

    /** The rectangle around the area. */
    GeoBounds bounds();

    /** Metres from the centre to a position, or {@link #OUTSIDE}. */
    double distanceIfInside(GeoPosition position);

    /** All within a radius, which is in units. */
    record Circle(GeoPosition centre, double radius, GeoUnit unit) implements GeoShape {

        @Override
        public GeoShape around(GeoPosition position) {
            return new Circle(position, radius, unit);
        }

        @Override
        public double reachMeters() {
            return radius * unit.meters();
        }

        @Override
        public GeoBounds bounds() {
            return GeoBounds.around(centre, reachMeters(), reachMeters());
        }

        @Override
        public double distanceIfInside(GeoPosition position) {
            double distance = GeoDistance.between(centre, position);
            return distance > reachMeters() ? OUTSIDE : distance;
        }
    }

    /** All within half a width to the east and west and half a height to the north and south; both are in units. */
    record Box(GeoPosition centre, double width, double height, GeoUnit unit) implements GeoShape {

        @Override
        public GeoShape around(GeoPosition position) {
            return new Box(position, width, height, unit);
        }

        @Override
        public double reachMeters() {
            return Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2)) * unit.meters();
        }

        @Override
        public GeoBounds bounds() {
            return GeoBounds.around(
                    centre, unit.meters() * (width / 2), unit.meters() * (height / 2));
        }

        @Override
        public double distanceIfInside(GeoPosition position) {
            if (GeoDistance.ofLatitudes(position.latitude(), centre.latitude())
                            > height * unit.meters() / 2
                    || acrossMeters(position) > width * unit.meters() / 2) {
                return OUTSIDE;
            }
            return GeoDistance.between(centre, position);
        }

        /** Metres along the position's parallel to the meridian of the centre. */
        private double acrossMeters(GeoPosition position) {
            return GeoDistance.between(
                    position, new GeoPosition(centre.longitude(), position.latitude()));
        }
    }
}
