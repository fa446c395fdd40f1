package io.weir.http;

import java.util.List;

/** A redirect was not followed, and the response that asked for it is not what was wanted. */
public final class FetchRedirectException extends FetchException {
    private static final long serialVersionUID = 1L;

    /** Why it was not followed. */
    public enum Reason {
        /** It leads to a request that was already made on the way. */
        LOOP,
        /** There were more than {@link RedirectPolicy#max()}. */
        LIMIT,
        /** It leads from https to http, or wants a body again that cannot be, or the policy's predicate said no. */
        REFUSED,
        /** Its location is no {@code http} or {@code https} URL, or there are several. */
        INVALID
    }

    private final transient Reason reason;
    private final transient int status;
    private final transient String location;
    private final transient List<Redirect> chain;

    FetchRedirectException(
            String what, Reason reason, int status, String location, List<Redirect> chain, Failure failure) {
        super(what, failure, null);
        this.reason = reason;
        this.status = status;
        this.location = location;
        this.chain = List.copyOf(chain);
    }

    /**
     * Why the redirect was not followed.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The status that asked for the redirect.
     *
     * @return a 3xx
     */
    public int status() {
        return status;
    }

    /**
     * Where it would have led: the absolute URL, or for {@link Reason#INVALID} what the server sent. This is data from the
     * server, query and all, and is not part of the message.
     *
     * @return the location
     */
    public String location() {
        return location;
    }

    /**
     * The redirects that were followed before this one.
     *
     * @return them in order; empty where the first was the one not followed
     */
    public List<Redirect> chain() {
        return chain;
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
