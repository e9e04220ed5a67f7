/**
 * What every room asks of the machine in the same way: threads that do not keep the process alive, files that are on disk when
 * it is said that they are. Nothing here knows what is in a file or what a thread does.
 */
package dev.slotmesh.server.system;
