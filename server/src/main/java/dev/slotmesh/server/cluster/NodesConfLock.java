package dev.slotmesh.server.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Keeps a nodes.conf for one node, from {@link #take} to {@link #close} or the end of the process.
 *
 * <p>The lock is on a file of its own beside it: nodes.conf itself is replaced with every change, and a lock dies with any
 * closed descriptor of its file. A stock node locks nodes.conf with {@code flock}, which Java can neither take nor test, but the
 * kernel lists such locks in {@code /proc/locks}, so a running stock node is found there. The other way round a stock node
 * started on the file of a running Slotmesh node is not stopped.
 */
final class NodesConfLock implements AutoCloseable {
    private static final Path KERNEL_LOCKS = Path.of("/proc/locks");
    /** {@code 1: FLOCK ADVISORY WRITE 4711 fe:00:2156078 0 EOF}. */
    private static final int LOCK_FIELDS = 6;

    private static final int KIND = 1;
    private static final int HOLDER = 4;
    private static final int DEVICE_AND_INODE = 5;

    /**
     * Lock files of this process. The kernel's lock belongs to the process: it would be granted to a second node in it, whose
     * mere closing of the file would take it away from the first.
     */
    private static final Set<Path> TAKEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path lockFile;
    private final FileChannel channel;

    private NodesConfLock(Path lockFile, FileChannel channel) {
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /**
     * Locks a nodes.conf that may not exist yet.
     *
     * @param nodesConf absolute
     * @param shownPath how the file is called in messages
     * @throws ClusterStartException when another node uses it, or the lock file cannot be written
     */
    static NodesConfLock take(Path nodesConf, String shownPath) throws ClusterStartException {
        NodesConfLock lock = null;
        try {
            Path lockFile =
                    nodesConf.getParent().toRealPath().resolve(nodesConf.getFileName() + ".lock");
            if (!TAKEN_HERE.add(lockFile)) {
                throw used(shownPath);
            }
            lock = new NodesConfLock(lockFile, open(lockFile));
            if (lock.channel.tryLock() != null && !isFlocked(nodesConf)) {
                return lock;
            }
            lock.close();
            throw used(shownPath);
        } catch (IOException cause) {
            ClusterStartException failure = new ClusterStartException(
                    "Can't lock the cluster configuration file " + shownPath + ": " + cause, cause);
            closeAfter(failure, lock);
            throw failure;
        }
    }

    private static FileChannel open(Path lockFile) throws IOException {
        try {
            return FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException cause) {
            TAKEN_HERE.remove(lockFile);
            throw cause;
        }
    }

    private static void closeAfter(ClusterStartException failure, NodesConfLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private static ClusterStartException used(String shownPath) {
        return new ClusterStartException("Sorry, the cluster configuration file " + shownPath
                + " is already used by a different Redis Cluster node. Please make sure that different"
                + " nodes use different cluster configuration files.");
    }

    private static boolean isFlocked(Path file) throws IOException {
        if (!Files.exists(file) || !Files.isReadable(KERNEL_LOCKS)) {
            return false;
        }
        return isFlocked(file, Files.readAllLines(KERNEL_LOCKS));
    }

    /** Whether a line of {@code /proc/locks} is an flock on this file. */
    static boolean isFlocked(Path file, List<String> kernelLocks) throws IOException {
        long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
        long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
        for (String line : kernelLocks) {
            String[] fields = line.trim().split("\\s+");
            if (fields.length >= LOCK_FIELDS && fields[KIND].equals("FLOCK")) {
                String[] where = fields[DEVICE_AND_INODE].split(":");
                if (where.length == 3
                        && where[2].equals(Long.toString(inode))
                        && (isDevice(where, device) || hasOpen(fields[HOLDER], file))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Major and minor number in hexadecimal against the device number of glibc. */
    private static boolean isDevice(String[] where, long device) {
        long major = device >>> 8 & 0xFFF | device >>> 32 & 0xFFFFF000L;
        long minor = device & 0xFF | device >>> 12 & 0xFFFFFF00L;
        return Long.toHexString(major).equals(stripZeros(where[0]))
                && Long.toHexString(minor).equals(stripZeros(where[1]));
    }

    private static String stripZeros(String hex) {
        return hex.replaceFirst("^0+(?=.)", "");
    }

    /** Layered file systems report another device than the lock list; the holder's open files tell. */
    private static boolean hasOpen(String processId, Path file) throws IOException {
        Path descriptors = Path.of("/proc", processId, "fd");
        if (!Files.isReadable(descriptors)) {
            return false;
        }
        Path real = file.toRealPath();
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.anyMatch(descriptor -> real.equals(target(descriptor)));
        } catch (java.io.UncheckedIOException ended) {
            return false;
        }
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException closedMeanwhile) {
            return descriptor;
        }
    }

    /** Gives the file free. The lock file stays, or a node waiting for it could lock one that is no longer there. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            TAKEN_HERE.remove(lockFile);
        }
    }
}
