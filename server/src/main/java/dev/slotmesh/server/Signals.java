package dev.slotmesh.server;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Actions on signals of the system. The JDK's own way, a hook at the end of the process, cannot refuse the end; the class that
 * can belongs to no standard and is asked for by name.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls an action with the name ({@code SIGTERM}) of each such signal from now on, instead of ending the process.
     *
     * @param name as the JDK has it: {@code TERM}, {@code INT}
     * @return false when this JDK has no such means
     */
    static boolean handle(String name, Consumer<String> action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object receiver = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, given) -> {
                        if (method.getName().equals("handle")) {
                            action.accept("SIG" + name);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), receiver);
            return true;
        } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException absent) {
            return false;
        }
    }
}
