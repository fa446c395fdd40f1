package io.weir.demos.web;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an obedient crawler that follows redirects, and asks again where asking again helps, finds at a URL.
 *
 * @param uri the URL as linked, without a fragment
 * @param kind what is odd about it
 * @param status the last status: of the page at the end of the redirects or, in a loop, of the redirect itself
 * @param finalUri where the redirects end: the same as {@code uri} if there are none, null if they never end
 * @param bytes the length of the last body; 0 in a loop
 * @param html whether the last answer was a 200 that calls itself HTML
 * @param foundOn the other pages it is linked from, by their final URIs
 */
public record ExpectedPage(
        URI uri, PageKind kind, int status, @Nullable URI finalUri, long bytes, boolean html, Set<URI> foundOn) {
    /** {@return whether a link to it is a broken one: an error status, or redirects without end} */
    public boolean broken() {
        return status >= 400 || finalUri == null;
    }
}
