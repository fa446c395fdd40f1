package io.weir.http;

/** {@link FetchResponse#requireSuccess()} met a status of 400 or more. */
public final class FetchStatusException extends FetchException {
    private static final long serialVersionUID = 1L;

    private final transient FetchResponse response;

    FetchStatusException(FetchResponse response, Failure failure) {
        super("status " + response.status(), failure, null);
        this.response = response;
    }

    /**
     * The response itself, with its headers and body.
     *
     * @return the response that was not a success
     */
    public FetchResponse response() {
        return response;
    }

    /**
     * Its status.
     *
     * @return 400 or more
     */
    public int status() {
        return response.status();
    }

    /** True for 408, 425, 429, 500, 502, 503 and 504. */
    @Override
    public boolean isTransient() {
        return switch (status()) {
            case 408, 425, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }
}
