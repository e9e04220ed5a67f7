package dev.slotmesh.keyspace.memory;

/**
 * How the C library's malloc, which segments come from, was set up by the environment that the process was started in. What the
 * launcher sets is in docs/decisions/0016.
 *
 * @param fixedThreshold whether requests from a fixed size on, less than a segment's, get mappings of their own. Else that size
 *     rises to that of whatever was freed, up to {@link #LARGEST_HEAP_REQUEST}, and what is freed below it stays resident.
 * @param hugePages whether mappings consist of huge pages, so that a whole segment is resident from its first byte on
 */
record MallocTuning(boolean fixedThreshold, boolean hugePages) {
    /** The GNU C library serves larger requests by a mapping of their own at all times, which goes back to the system when freed. */
    static final long LARGEST_HEAP_REQUEST = 32L * 1024 * 1024;

    private static final String TUNABLES = "GLIBC_TUNABLES";
    private static final String OLD_THRESHOLD = "MALLOC_MMAP_THRESHOLD_";

    /** As the environment of this process says. */
    static MallocTuning ofProcess() {
        return of(System.getenv(TUNABLES), System.getenv(OLD_THRESHOLD) != null);
    }

    /** @param tunables what GLIBC_TUNABLES says, null for nothing */
    static MallocTuning of(String tunables, boolean oldThreshold) {
        String all = tunables == null ? "" : tunables;
        return new MallocTuning(
                oldThreshold || all.contains("glibc.malloc.mmap_threshold="),
                all.contains("glibc.malloc.hugetlb=1") || all.contains("glibc.malloc.hugetlb=2"));
    }
}
