/** Tests of the stream commands beyond the differential test: waiting, and what watchers see. */
package dev.slotmesh.server.commands.streams;
