package dev.slotmesh.gossip.simulator;

/** The moments of a migration at which something may go wrong, in their order. */
enum TransferStep {
    EXPORT_OPENED,
    ESTABLISH_ARRIVED,
    IMPORT_SAVED,
    IMPORT_OPENED,
    ESTABLISHED,
    SNAPSHOT_SENT,
    SNAPSHOT_ARRIVED,
    PREPARE_ARRIVED,
    EPOCH_SAVED,
    EPOCH_GRANTED,
    PREPARED,
    STOPPED,
    READY_ARRIVED,
    REPLICATED,
    READY,
    HAND_OVER_SAVED,
    HANDED_OVER,
    TAKE_ARRIVED,
    CLAIM_SAVED,
    CLAIMED,
    OK_ARRIVED,
    FINISHED
}
