package dev.slotmesh.server.commands.geo;

/** How the members found are sorted. */
enum GeoOrder {
    NONE,
    NEAREST_FIRST,
    FARTHEST_FIRST
}
