/** The commands of lists, those that wait for an element included. */
package dev.slotmesh.server.commands.lists;
