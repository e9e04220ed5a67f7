/** SORT and SORT_RO: what they ask for, where weights and answers come from, the order. */
package dev.slotmesh.server.commands.sort;
