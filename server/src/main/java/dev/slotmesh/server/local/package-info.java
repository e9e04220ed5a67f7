/**
 * A complete cluster on this machine in one process: for a first look, for tests of applications and for our own. It drives
 * its nodes from outside, by the commands that any client could send.
 */
package dev.slotmesh.server.local;
