/** Snapshots of a running node: files, rules, failures. */
package dev.slotmesh.server.persistence;
