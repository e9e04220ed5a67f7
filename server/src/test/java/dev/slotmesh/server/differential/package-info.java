/**
 * The same random commands to a node of ours and to a real redis-server, and the replies compared byte for byte.
 *
 * <p>A group of commands is one {@link dev.slotmesh.server.differential.CommandGroup}: a new group adds a class and one line
 * in {@link dev.slotmesh.server.differential.CommandGroups}. What cannot be equal is listed in
 * {@link dev.slotmesh.server.differential.ReplyRule} and nowhere else.
 */
package dev.slotmesh.server.differential;
