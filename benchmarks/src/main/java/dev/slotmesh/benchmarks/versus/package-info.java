/**
 * The side-by-side runs: Slotmesh and a real redis-server as processes under the same load, measured from outside. Nothing
 * here reaches into the server.
 */
package dev.slotmesh.benchmarks.versus;
