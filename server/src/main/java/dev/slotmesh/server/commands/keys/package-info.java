/**
 * The commands about keys and databases whatever the keys hold: existence, names, deadlines, walks, OBJECT. No command
 * here knows a type's content.
 */
package dev.slotmesh.server.commands.keys;
