package io.weir.core.task;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a {@link TaskGroupBuilder} was told. */
record GroupSettings(
        String name,
        boolean failFast,
        int limit,
        int maxTasks,
        @Nullable Duration deadline,
        Duration grace,
        @Nullable BiConsumer<? super Task<?>, ? super Throwable> onFailure,
        boolean shielded) {}
