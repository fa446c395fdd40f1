package io.weir.core.task;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * The Context that a task's Mono sees: its group's, and under {@code Task.class} the task, which is this object itself. So a task
 * needs no Context of its own, and a look into it allocates nothing.
 */
abstract class TaskContext implements Context {
    final GroupCore group;

    TaskContext(GroupCore group) {
        this.group = group;
    }

    final GroupCore group() {
        return group;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as ContextView declares it
    public <V> V get(Object key) {
        if (key == Task.class) {
            return (V) this;
        }
        V found = group.context().getOrDefault(key, null);
        if (found == null) {
            throw new NoSuchElementException("Context does not contain key: " + key);
        }
        return found;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> @Nullable V getOrDefault(Object key, @Nullable V otherwise) {
        return key == Task.class ? (V) this : group.context().getOrDefault(key, otherwise);
    }

    @Override
    public boolean hasKey(Object key) {
        return key == Task.class || group.context().hasKey(key);
    }

    @Override
    public Context put(Object key, Object newValue) {
        return group.context().put(Task.class, this).put(key, newValue);
    }

    @Override
    public Context delete(Object key) {
        return key == Task.class
                ? group.context().delete(Task.class)
                : group.context().delete(key).put(Task.class, this);
    }

    @Override
    public int size() {
        return group.context().size() + (group.context().hasKey(Task.class) ? 0 : 1);
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public Stream<Map.Entry<Object, Object>> stream() {
        return Stream.concat(
                group.context().stream().filter(entry -> entry.getKey() != Task.class),
                Stream.of(new SimpleImmutableEntry<>(Task.class, this)));
    }
}
