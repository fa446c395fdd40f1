package io.weir.core.debug;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A signal of the system, by {@code sun.misc.Signal}: through reflection, as a runtime image may lack the module {@code jdk.unsupported}. */
final class DumpSignal {
    private final Object signal;
    private final Object ours;
    private final Object before;

    private DumpSignal(Object signal, Object ours, Object before) {
        this.signal = signal;
        this.ours = ours;
        this.before = before;
    }

    /**
     * Has {@code action} run on each such signal.
     *
     * @throws IllegalArgumentException if there is no such signal, or the JVM wants it for itself, as it does SIGQUIT
     */
    static DumpSignal install(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object signal = Class.forName("sun.misc.Signal")
                    .getConstructor(String.class)
                    .newInstance(name);
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        return answer(self, method, arguments, action);
                    });
            return new DumpSignal(signal, ours, handle(signal, ours));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no handler for the signal " + name + ": " + reason(e), e);
        }
    }

    /** Gives the signal back to who had it, unless somebody has taken it meanwhile. */
    void remove() {
        try {
            Object now = handle(signal, before);
            if (now != ours) {
                handle(signal, now);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(reason(e), e); // it went the other way
        }
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal, handler);
    }

    private static @Nullable Object answer(Object self, Method method, Object @Nullable [] arguments, Runnable action) {
        switch (method.getName()) {
            case "handle" -> action.run();
            case "equals" -> {
                return arguments != null && self == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(self);
            }
            default -> {
                return DumpSignal.class.getName();
            }
        }
        return null;
    }

    private static String reason(ReflectiveOperationException e) {
        return String.valueOf(e.getCause() == null ? e.toString() : e.getCause().getMessage());
    }
}
