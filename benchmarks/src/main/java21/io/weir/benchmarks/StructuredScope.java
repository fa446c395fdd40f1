package io.weir.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * The JDK 25 preview of {@code StructuredTaskScope} through method handles, which the compiler folds as it does calls: to compile
 * against a preview would tie all classes here to one JDK.
 */
final class StructuredScope {
    private static final Class<?> SCOPE = named("java.util.concurrent.StructuredTaskScope");
    private static final MethodHandle OPEN = open();
    private static final MethodHandle FORK = method(
            "fork", MethodType.methodType(named("java.util.concurrent.StructuredTaskScope$Subtask"), Callable.class));
    private static final MethodHandle JOIN = method("join", MethodType.methodType(Object.class));
    private static final MethodHandle CLOSE = method("close", MethodType.methodType(void.class));

    private StructuredScope() {}

    /** Forks all, fails with the first failure, lists the values. */
    @SuppressWarnings("unchecked") // a subtask is a Supplier of what its Callable returns
    static <T> List<T> gather(List<Callable<T>> calls) throws Exception {
        try {
            Object scope = (Object) OPEN.invokeExact();
            try {
                List<Supplier<T>> subtasks = new ArrayList<>(calls.size());
                for (Callable<T> call : calls) {
                    Object subtask = (Object) FORK.invokeExact(scope, call);
                    subtasks.add((Supplier<T>) subtask);
                }
                Object ignored = (Object) JOIN.invokeExact(scope);
                List<T> list = new ArrayList<>(calls.size());
                for (Supplier<T> subtask : subtasks) {
                    list.add(subtask.get());
                }
                return list;
            } finally {
                CLOSE.invokeExact(scope);
            }
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("needs JDK 25", e);
        }
    }

    private static MethodHandle open() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(SCOPE, "open", MethodType.methodType(SCOPE))
                    .asType(MethodType.methodType(Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("needs JDK 25", e);
        }
    }

    private static MethodHandle method(String name, MethodType type) {
        try {
            MethodHandle found = MethodHandles.publicLookup().findVirtual(SCOPE, name, type);
            MethodType erased = found.type().changeParameterType(0, Object.class);
            return found.asType(
                    type.returnType() == void.class ? erased : erased.changeReturnType(Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("needs JDK 25", e);
        }
    }
}
