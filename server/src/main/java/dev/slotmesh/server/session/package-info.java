/**
 * One client connection from bytes to bytes: decoding, session state, dispatch under the slot's lock, replies and
 * suspension. No channel types (they live in {@code transport}) and no single command (they live in {@code commands}).
 */
package dev.slotmesh.server.session;
