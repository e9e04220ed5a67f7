/**
 * Matching and quoting of byte strings as Redis does it, free of any knowledge of keys, commands or configuration.
 */
package dev.slotmesh.server.text;
