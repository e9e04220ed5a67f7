/** Tests of the bitmap commands' arithmetic; their replies are compared with Redis in {@code differential}. */
package dev.slotmesh.server.commands.bitmaps;
