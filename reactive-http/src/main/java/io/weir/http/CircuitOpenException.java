package io.weir.http;

import java.time.Instant;

/** The host has failed too often of late, and is not asked again until it had time to recover: {@link BreakerPolicy}. Nothing was sent. */
public final class CircuitOpenException extends FetchException {
    private static final long serialVersionUID = 1L;

    private final transient Instant since;
    private final transient Instant until;

    CircuitOpenException(Instant since, Instant until, Failure failure) {
        super("the circuit is open since " + since + ", until " + until, failure, null);
        this.since = since;
        this.until = until;
    }

    /**
     * When it opened.
     *
     * @return the time of the failure that was one too many, or of the last probe that failed
     */
    public Instant since() {
        return since;
    }

    /**
     * When the host is asked again; in the past while a probe is on its way and nobody else is let through.
     *
     * @return the time of the next probe
     */
    public Instant until() {
        return until;
    }

    /** Always: it is closed again when the host has recovered. */
    @Override
    public boolean isTransient() {
        return true;
    }
}
