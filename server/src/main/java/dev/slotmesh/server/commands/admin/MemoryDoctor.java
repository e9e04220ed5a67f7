package dev.slotmesh.server.commands.admin;

import dev.slotmesh.server.report.MemoryFigures;

/** What MEMORY DOCTOR says. */
final class MemoryDoctor {
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long TOO_LITTLE_BYTES = 5 * MEBIBYTE;
    private static final double PEAK_RATIO = 1.5;
    private static final double FRAGMENTATION_RATIO = 1.4;
    private static final double SPARE_RATIO = 1.4;
    private static final long NOTABLE_BYTES = 10 * MEBIBYTE;
    private static final long MUCH_A_CLIENT_BYTES = 200 * 1024;
    private static final long MUCH_HEAP_BYTES = 512 * MEBIBYTE;

    private MemoryDoctor() {}

    /** @param clients how many there are, at least 1 */
    static String advice(MemoryFigures figures, long clients) {
        if (figures.usedBytes() < TOO_LITTLE_BYTES) {
            return "There is too little in memory to say anything about it.\n";
        }
        StringBuilder found = new StringBuilder();
        if (figures.peakBytes() > figures.usedBytes() * PEAK_RATIO) {
            found.append(
                    " * Peak: once there was more than one and a half times as much in memory as now. What was"
                            + " freed since is reused, or given back where 4 MiB in a row are free.\n");
        }
        if (figures.fragmentation().ratio() > FRAGMENTATION_RATIO
                && figures.fragmentation().bytes() > NOTABLE_BYTES) {
            found.append(
                    " * Fragmentation: much of the memory held is free, but fits blocks of the sizes deleted"
                            + " only. It becomes useful again as keys of such sizes are written, or others go.\n");
        }
        if (figures.spare().ratio() > SPARE_RATIO && figures.spare().bytes() > NOTABLE_BYTES) {
            found.append(
                    " * Spare memory: whole spans are free and serve whatever is written next.\n");
        }
        if (figures.clientBytes() / clients > MUCH_A_CLIENT_BYTES) {
            found.append(
                    " * Client buffers: clients have more than 200 KiB each on average, by large requests or"
                            + " by replies they do not read. CLIENT LIST shows whose they are (tot-mem);"
                            + " 'maxmemory-clients' limits them.\n");
        }
        if (figures.javaHeapBytes() > MUCH_HEAP_BYTES) {
            found.append(
                    " * Java heap: it does not hold data, and should need a few dozen megabytes. Look at its"
                            + " maximum size (-Xmx).\n");
        }
        return found.length() == 0
                ? "No problem with memory was found.\n"
                : "Found in this node's memory:\n\n" + found;
    }
}
