/**
 * The handshake of a few nodes, model-checked: a breadth-first search over everything that may happen to the messages,
 * connections, timers and processes while they get to know each other, up to a stated number of steps, with the real machine.
 *
 * <p>{@link dev.slotmesh.gossip.meeting.World} is the state that is explored, {@link dev.slotmesh.gossip.meeting.Search} walks
 * over it, {@link dev.slotmesh.gossip.meeting.Properties} says what must hold. Only public API of the machine is used, but for
 * {@link dev.slotmesh.gossip.meeting.Fingerprint}, which looks into it to tell states apart.
 */
package dev.slotmesh.gossip.meeting;
