package dev.slotmesh.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How every benchmark here is run: average time of one operation in nanoseconds, two forks, on a JVM with the flags that
 * the parent pom calls {@code slotmesh.jvm.flags} and the launcher's collector, on Netty's threads.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {
            HotPath.NIO_EXPORT,
            HotPath.REF_EXPORT,
            HotPath.REFLECT_OPEN,
            HotPath.NATIVE_ACCESS,
            HotPath.UNSAFE_ACCESS,
            HotPath.NETTY_UNSAFE,
            "-XX:+UseSerialGC",
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=dev.slotmesh.benchmarks.NettyThreads"
        })
public abstract class HotPath {
    static final String NIO_EXPORT = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
    static final String REF_EXPORT = "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";
    static final String REFLECT_OPEN = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    static final String UNSAFE_ACCESS = "-Dsun.misc.unsafe.memory.access=allow";
    static final String NETTY_UNSAFE = "-Dio.netty.noUnsafe=false";
}
