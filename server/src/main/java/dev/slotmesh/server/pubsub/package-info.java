/**
 * Publish and subscribe: who listens to which channels of this node, and how messages, keyspace events among them, reach those
 * clients. Sockets and the spreading of messages through the cluster are elsewhere.
 */
package dev.slotmesh.server.pubsub;
