/**
 * The bytes of a HyperLogLog, a string that estimates how many different elements it has seen: header, dense and sparse
 * registers, the hash of elements and the estimate. All are Redis 7.0's, so that a value moved from or to a Redis server
 * counts the same.
 *
 * <p>Everything works on spans and knows neither slots nor entries; {@link dev.slotmesh.keyspace.HyperLogLog} stores the
 * results. No bytes, however wrong, may make it read or write outside its span.
 */
package dev.slotmesh.keyspace.hyperloglog;
