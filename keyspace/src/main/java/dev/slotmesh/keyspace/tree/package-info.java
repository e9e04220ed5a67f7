/**
 * Ordered trees in native memory: the elements of large sorted sets by score and name, with their ranks. The elements
 * themselves belong to {@code table}; which set has a tree is decided above.
 */
package dev.slotmesh.keyspace.tree;
