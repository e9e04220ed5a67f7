/**
 * The runnable node: starting, stopping and wiring.
 */
package dev.slotmesh.server;
