/** The commands of publish and subscribe. Who listens to what is in {@code dev.slotmesh.server.pubsub}. */
package dev.slotmesh.server.commands.pubsub;
