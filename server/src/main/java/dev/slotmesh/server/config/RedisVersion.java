package dev.slotmesh.server.config;

/** The version of Redis whose behaviour this server has, and which it names where clients and tools ask. */
public final class RedisVersion {
    public static final String NUMBER = "7.0.15";

    private RedisVersion() {}
}
