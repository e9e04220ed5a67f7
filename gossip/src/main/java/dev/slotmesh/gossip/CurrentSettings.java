package dev.slotmesh.gossip;

/** The settings in force, for the parts that read them again at each use. */
final class CurrentSettings {
    private GossipSettings settings;

    CurrentSettings(GossipSettings settings) {
        this.settings = settings;
    }

    GossipSettings get() {
        return settings;
    }

    void replace(GossipSettings newSettings) {
        settings = newSettings;
    }

    long nodeTimeoutMs() {
        return settings.nodeTimeoutMs();
    }

    long handshakeTimeoutMs() {
        return settings.handshakeTimeoutMs();
    }
}
