package io.weir.http;

import org.jspecify.annotations.Nullable;

/**
 * Something was larger than the client allows: the number of waiting requests, the headers, the body, or what it expands to.
 */
public final class FetchLimitException extends FetchException {
    private static final long serialVersionUID = 1L;

    private final transient String setting;
    private final transient long limit;

    FetchLimitException(String setting, long limit, Failure failure, @Nullable Throwable cause) {
        super("more than " + setting + " = " + limit, failure, cause);
        this.setting = setting;
        this.limit = limit;
    }

    /**
     * The limit that was passed.
     *
     * @return requests, bytes, lines or times, as its setting counts them
     */
    public long limit() {
        return limit;
    }

    /**
     * The name of the setting, as in {@link FetchClientBuilder}.
     *
     * @return the setting's name
     */
    public String setting() {
        return setting;
    }

    /** True only where too many requests waited: a body does not shrink. */
    @Override
    public boolean isTransient() {
        return phase() == FetchPhase.QUEUE;
    }
}
