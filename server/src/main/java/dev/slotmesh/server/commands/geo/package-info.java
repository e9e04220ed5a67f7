/**
 * The geo commands: positions as 52-bit scores of a sorted set, areas as ranges of such scores. Nothing here is stored in a
 * form of its own.
 */
package dev.slotmesh.server.commands.geo;
