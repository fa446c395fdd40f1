package io.weir.core.task;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What most tasks never have: joiners, progress, a reason, groups of their own. Made when it is first needed. */
final class TaskExtra {
    final Joiners joiners = new Joiners();
    volatile Task.@Nullable Progress progress;
    volatile @Nullable String reason;

    /** Where it was started, if that is recorded. */
    volatile @Nullable String origin;

    /** The groups that run inside this task; under this set's lock. */
    final Set<GroupCore> groups = new LinkedHashSet<>(2);
}
