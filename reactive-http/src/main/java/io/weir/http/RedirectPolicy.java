package io.weir.http;

import java.net.URI;
import java.util.Objects;
import java.util.function.BiPredicate;

/**
 * Which redirects to follow. Immutable.
 *
 * <p>Whatever the policy, https never leads to http, a loop ends at once, and once a redirect has left the first origin
 * (scheme, host and port) only headers that carry no credentials go along: nothing is restored should a later redirect come
 * back.
 */
public final class RedirectPolicy {
    private static final RedirectPolicy NONE = new RedirectPolicy(-1, (from, to) -> false);
    private static final RedirectPolicy FOLLOW = new RedirectPolicy(10, (from, to) -> true);

    private final int max;
    private final BiPredicate<URI, URI> accepts;

    private RedirectPolicy(int max, BiPredicate<URI, URI> accepts) {
        this.max = max;
        this.accepts = accepts;
    }

    /**
     * Follows up to ten: the default.
     *
     * @return the policy
     */
    public static RedirectPolicy follow() {
        return FOLLOW;
    }

    /**
     * Follows none: a 3xx is the response.
     *
     * @return the policy
     */
    public static RedirectPolicy none() {
        return NONE;
    }

    /**
     * Follows up to ten, each only if the predicate says so. Where it says no the fetch fails with {@link
     * FetchRedirectException.Reason#REFUSED} and the location as data: so a crawler keeps its scope and its robots rules.
     *
     * @param accepts asked with the URI just fetched and the one to fetch next, on an event loop, so it must not block;
     *     what it throws ends the fetch
     * @return the policy
     */
    public static RedirectPolicy onlyIf(BiPredicate<URI, URI> accepts) {
        return new RedirectPolicy(FOLLOW.max, Objects.requireNonNull(accepts, "accepts"));
    }

    /**
     * The same policy with another bound.
     *
     * @param redirects how many to follow before the next fails with {@link FetchRedirectException.Reason#LIMIT}; from 0
     *     to 100
     * @return the policy
     */
    public RedirectPolicy max(int redirects) {
        if (redirects < 0 || redirects > 100) {
            throw new IllegalArgumentException("redirects must be from 0 to 100: " + redirects);
        }
        return follows() ? new RedirectPolicy(redirects, accepts) : this;
    }

    /**
     * How many redirects are followed.
     *
     * @return the bound; 0 for {@link #none()}
     */
    public int max() {
        return Math.max(0, max);
    }

    boolean follows() {
        return max >= 0;
    }

    boolean accepts(URI from, URI to) {
        return accepts.test(from, to);
    }
}
