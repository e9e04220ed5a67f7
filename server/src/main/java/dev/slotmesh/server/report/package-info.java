/** The text of INFO: its sections and where their numbers come from. Nothing here changes anything. */
package dev.slotmesh.server.report;
