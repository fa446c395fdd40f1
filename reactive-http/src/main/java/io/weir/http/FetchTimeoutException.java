package io.weir.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A phase of the fetch, or the whole of it, took longer than its limit. */
public final class FetchTimeoutException extends FetchException {
    private static final long serialVersionUID = 1L;

    /** The setting that is told where a {@link io.weir.core.task.Deadline} left less time than the client allows. */
    static final String DEADLINE = "Deadline";

    private final transient Duration limit;
    private final transient String setting;

    FetchTimeoutException(Duration limit, String setting, Failure failure, @Nullable Throwable cause) {
        super("no answer within " + setting + " = " + limit.toMillis() + " ms", failure, cause);
        this.limit = limit;
        this.setting = setting;
    }

    /**
     * The limit that ran out.
     *
     * @return its length
     */
    public Duration limit() {
        return limit;
    }

    /**
     * The name of the setting, as in {@link FetchClientBuilder}: {@code totalTimeout} where it is not the phase's own, and
     * {@code Deadline} where it is what a {@link io.weir.core.task.Deadline} had left: that is told only where the one who set the deadline does not say so first.
     *
     * @return the setting's name
     */
    public String setting() {
        return setting;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
