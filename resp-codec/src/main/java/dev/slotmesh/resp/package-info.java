/**
 * RESP2 and RESP3: bytes to requests, replies to bytes, and back. Resumable, limited, without policy; no channels and no
 * commands live here.
 */
package dev.slotmesh.resp;
