package io.weir.http;

import io.weir.http.FetchRedirectException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The redirects of one fetch, followed as RFC 9110 says, with the rules that keep credentials at home.
 *
 * <p>Used by one call, one hop after the other, so it needs no synchronisation of its own.
 */
final class Redirects {
    /** What goes along to another origin. All others may hold a secret, whatever their name. */
    private static final Set<String> HARMLESS = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "content-encoding",
            "content-language",
            "content-type",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "pragma",
            "range",
            "user-agent");

    private final Target origin;
    private final RedirectPolicy policy;
    // Made by the first redirect: most requests have none.
    private List<Redirect> followed = List.of();
    private Set<String> seen = Set.of();

    Redirects(FetchRequest first, RedirectPolicy policy) {
        this.origin = first.target();
        this.policy = policy;
    }

    List<Redirect> followed() {
        return followed;
    }

    /**
     * The request to make next, or null where this response is not a redirect to follow.
     *
     * @throws FetchRedirectException where it is one and may not be followed
     */
    @Nullable
    FetchRequest next(FetchRequest request, int status, FetchHeaders headers, Attempt attempt) {
        boolean redirect = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        List<String> locations = redirect && policy.follows() ? headers.all("Location") : List.of();
        if (locations.isEmpty()) {
            return null;
        }
        Target from = request.target();
        String location = locations.get(0);
        if (locations.stream().anyMatch(other -> !other.equals(location))) {
            throw refused("several locations", Reason.INVALID, status, String.join(", ", locations), attempt);
        }
        Target to;
        try {
            to = from.resolve(location);
        } catch (FetchRequestException e) {
            throw refused(
                    "a location that cannot be followed: " + e.getMessage(), Reason.INVALID, status, location, attempt);
        }
        String url = to.uri().toString();
        if (from.secure() && !to.secure()) {
            throw refused("a redirect from https to http", Reason.REFUSED, status, url, attempt);
        }
        boolean toGet = (status == 303 && !request.method().equals("HEAD"))
                || ((status == 301 || status == 302) && request.method().equals("POST"));
        String method = toGet ? "GET" : request.method();
        if (followed.isEmpty()) {
            followed = new ArrayList<>(1);
            seen = new HashSet<>(4);
            seen.add(request.method() + " " + from.uri());
        }
        if (!toGet && !request.isRepeatable()) {
            throw refused("a redirect of a body that cannot be sent again", Reason.REFUSED, status, url, attempt);
        }
        if (!seen.add(method + " " + to.uri())) {
            throw refused("a redirect loop", Reason.LOOP, status, url, attempt);
        }
        if (followed.size() >= policy.max()) {
            throw refused("more than " + policy.max() + " redirects", Reason.LIMIT, status, url, attempt);
        }
        if (!policy.accepts(from.uri(), to.uri())) {
            throw refused("a redirect that the policy does not accept", Reason.REFUSED, status, url, attempt);
        }
        followed.add(new Redirect(status, from.uri(), to.uri()));
        FetchHeaders kept = request.headers();
        if (!origin.sameOrigin(to)) {
            kept = kept.keep(HARMLESS::contains);
        }
        if (toGet) {
            kept = kept.keep(name -> !name.startsWith("content-"));
        }
        return request.redirected(method, to, kept, toGet ? null : request.body());
    }

    private FetchRedirectException refused(String what, Reason reason, int status, String location, Attempt attempt) {
        return new FetchRedirectException(what, reason, status, location, followed, attempt.failure());
    }
}
