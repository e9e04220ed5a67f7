package dev.slotmesh.server.commands.geo;

/**
 * A member found in an area. Matches are Java objects: no more than the request's own result.
 *
 * @param distance metres from the centre
 * @param score the member's, its position's 52 bits
 */
record GeoMatch(byte[] name, double distance, double score) {}
