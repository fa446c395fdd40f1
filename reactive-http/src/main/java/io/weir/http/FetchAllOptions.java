package io.weir.http;

/** How {@link FetchClient#fetchAll} goes about it. Immutable: each method that sets something gives new options. */
public final class FetchAllOptions {
    private static final FetchAllOptions STANDARD = new FetchAllOptions(1024, 0, 0, false);

    private final int lookAhead;
    private final int concurrency;
    private final int perHost;
    private final boolean inOrder;

    private FetchAllOptions(int lookAhead, int concurrency, int perHost, boolean inOrder) {
        this.lookAhead = lookAhead;
        this.concurrency = concurrency;
        this.perHost = perHost;
        this.inOrder = inOrder;
    }

    /**
     * As many at once as the client allows, 1024 inputs held, outcomes in the order of completion.
     *
     * @return the options
     */
    public static FetchAllOptions standard() {
        return STANDARD;
    }

    /**
     * The same with another bound on the inputs that are held: those that wait, that are being fetched, and whose outcome is not
     * emitted yet. The further it looks, the longer a run of inputs of one slow host may be before the other hosts have nothing to do.
     *
     * @param inputs 1024 unless set; at least 1
     * @return the options
     */
    public FetchAllOptions lookAhead(int inputs) {
        return new FetchAllOptions(Limits.positive("lookAhead", inputs), concurrency, perHost, inOrder);
    }

    /**
     * The same with another number of fetches at once.
     *
     * @param fetches the client's {@code maxInFlight} unless set; at least 1
     * @return the options
     */
    public FetchAllOptions concurrency(int fetches) {
        return new FetchAllOptions(lookAhead, Limits.positive("concurrency", fetches), perHost, inOrder);
    }

    /**
     * The same with another number of fetches at once of each host.
     *
     * @param fetches the client's {@code maxPerHost} unless set; at least 1
     * @return the options
     */
    public FetchAllOptions perHost(int fetches) {
        return new FetchAllOptions(lookAhead, concurrency, Limits.positive("perHost", fetches), inOrder);
    }

    /**
     * The same with the outcomes in the order of the inputs. What is done early is held until its turn, so up to {@code lookAhead} responses may be; else it is
     * up to {@code concurrency}.
     *
     * @return the options
     */
    public FetchAllOptions inOrder() {
        return new FetchAllOptions(lookAhead, concurrency, perHost, true);
    }

    int lookAhead() {
        return lookAhead;
    }

    int concurrencyOr(int standard) {
        return concurrency == 0 ? standard : concurrency;
    }

    int perHostOr(int standard) {
        return perHost == 0 ? standard : perHost;
    }

    boolean isInOrder() {
        return inOrder;
    }
}
