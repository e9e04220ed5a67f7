package dev.slotmesh.keyspace.memory;

/** The sizes of blocks: by 8 up to 512 bytes, then eight steps a doubling up to 32 KiB, then whole pages. */
final class SizeClasses {
    static final int SMALLEST = 16;
    static final int LARGEST_SMALL = 32 * 1024;

    private static final int FINE_LIMIT = 512;
    private static final int FINE_CLASSES = (FINE_LIMIT - SMALLEST) / 8 + 1;
    private static final int STEPS = 8;
    private static final int DOUBLINGS = 6;
    private static final int PAGE = 4096;

    static final int COUNT = FINE_CLASSES + STEPS * DOUBLINGS;

    private static final int[] SIZES = sizes();

    private SizeClasses() {}

    /** The class of the smallest blocks that hold {@code size} bytes, 1 to {@link #LARGEST_SMALL}. */
    static int classOf(int size) {
        if (size <= FINE_LIMIT) {
            return Math.max(SMALLEST, size + 7) / 8 - SMALLEST / 8;
        }
        int last = size - 1;
        int doubling = 31 - Integer.numberOfLeadingZeros(last / FINE_LIMIT);
        return FINE_CLASSES
                + STEPS * doubling
                + ((last - (FINE_LIMIT << doubling)) >>> (6 + doubling));
    }

    static int sizeOf(int sizeClass) {
        return SIZES[sizeClass];
    }

    /** The size of the block that an allocation of {@code size} bytes gets. */
    static long blockSize(long size) {
        if (size <= LARGEST_SMALL) {
            return SIZES[classOf((int) size)];
        }
        return (size + PAGE - 1) & -PAGE;
    }

    private static int[] sizes() {
        int[] sizes = new int[COUNT];
        for (int i = 0; i < FINE_CLASSES; i++) {
            sizes[i] = SMALLEST + 8 * i;
        }
        for (int i = FINE_CLASSES; i < COUNT; i++) {
            int doubling = (i - FINE_CLASSES) / STEPS;
            int step = (i - FINE_CLASSES) % STEPS + 1;
            sizes[i] = (FINE_LIMIT << doubling) + step * (64 << doubling);
        }
        return sizes;
    }
}
