package io.weir.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Warmup;

/** A million tasks that do nothing, started and joined. */
@Warmup(iterations = 2, time = 2, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 4, time = 2, timeUnit = TimeUnit.SECONDS)
public abstract class TaskWork extends OnThreads {
    static final int TASKS = 1_000_000;

    /** What a task runs: nothing. That it is a field of the state keeps it from being folded into the pools' code. */
    Runnable body = () -> {};
}
