/** The commands that take a string for an array of bits. They read and write stored bytes in place, by words. */
package dev.slotmesh.server.commands.bitmaps;
