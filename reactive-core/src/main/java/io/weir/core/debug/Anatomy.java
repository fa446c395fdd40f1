package io.weir.core.debug;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What a new publisher is made of. Reactor tells of the source above an operator, and not of the others that it may subscribe to, so
 * this looks into its fields: for publishers, arrays and collections of them, and functions that have some captured. Those are of
 * use to somebody now. A field that may not be read is passed over. A collection that is none of the Java
 * runtime's is looked into as well, and not asked: what its iterator does is not known.
 */
final class Anatomy {
    /** How deep it looks into what nobody has looked into: publishers that were made behind the hook's back, and functions. */
    private static final int DEPTH = 4;

    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return fieldsOf(type);
        }
    };

    private @Nullable Made first;
    private boolean weirs;

    private Anatomy() {}

    /** Marks all publishers in {@code publisher} as used. */
    static Anatomy of(Object publisher) {
        Anatomy anatomy = new Anatomy();
        anatomy.open(publisher, DEPTH);
        return anatomy;
    }

    /** The first of the tracked ones in it, the source before others. */
    @Nullable
    Made first() {
        return first;
    }

    /** Whether some of it is of Weir's classes: a publisher, or a function. */
    boolean isWeirs() {
        return weirs;
    }

    private void open(Object holder, int depth) {
        weirs = weirs || Room.isWeirs(holder.getClass().getName());
        for (Field field : FIELDS.get(holder.getClass())) {
            try {
                look(field.get(holder), depth - 1);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e); // it was made accessible
            }
        }
    }

    private void look(@Nullable Object part, int depth) {
        if (part instanceof Tracked tracked) {
            tracked.use();
            if (first == null) {
                first = tracked.made();
            }
        } else if (depth == 0 || part == null) {
            return;
        } else if (part instanceof Object[] array) {
            lookAtAll(Arrays.asList(array), depth - 1);
        } else if (part instanceof Collection<?> all && part.getClass().getClassLoader() == null) {
            lookAtAll(all, depth - 1);
        } else if (part instanceof Publisher || part instanceof Collection || isFunction(part)) {
            open(part, depth);
        }
    }

    private void lookAtAll(Iterable<?> parts, int depth) {
        try {
            for (Object part : parts) {
                look(part, depth);
                if (!(part instanceof Publisher)) {
                    return; // nor are the others
                }
            }
        } catch (RuntimeException e) {
            // somebody changes it meanwhile
        }
    }

    private static boolean isFunction(Object part) {
        return part instanceof Function
                || part instanceof Supplier
                || part instanceof Callable
                || part instanceof Runnable
                || part.getClass().isHidden();
    }

    /** Those of the superclass first: there an operator has its source. */
    private static Field[] fieldsOf(Class<?> type) {
        Class<?> above = type.getSuperclass();
        List<Field> fields = new ArrayList<>(above == null ? List.of() : List.of(FIELDS.get(above)));
        for (Field field : type.getDeclaredFields()) {
            boolean mayHold = !field.getType().isPrimitive() && field.getType() != String.class;
            if (mayHold && !Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
                fields.add(field);
            }
        }
        return fields.toArray(Field[]::new);
    }
}
