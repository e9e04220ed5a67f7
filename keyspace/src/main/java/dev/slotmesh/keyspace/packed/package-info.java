/**
 * Values packed into one block in exactly the bytes Redis keeps and dumps: functions over addresses, checks of bytes from
 * elsewhere. What a value means and when it is converted is decided above.
 */
package dev.slotmesh.keyspace.packed;
