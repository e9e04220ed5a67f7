/**
 * JMH classes of the hot paths and the side-by-side runs against a real server.
 */
package dev.slotmesh.benchmarks;
