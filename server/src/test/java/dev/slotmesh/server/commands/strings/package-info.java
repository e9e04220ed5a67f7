/** Tests of the string commands' arithmetic; their replies are compared with Redis in {@code differential}. */
package dev.slotmesh.server.commands.strings;
