/**
 * Matching, quoting and numbers in byte strings as Redis has them, free of any knowledge of keys, commands or configuration.
 */
package dev.slotmesh.server.text;
