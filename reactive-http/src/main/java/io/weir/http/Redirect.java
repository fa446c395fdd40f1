package io.weir.http;

import java.net.URI;

/**
 * One redirect that was followed.
 *
 * @param status the 3xx that asked for it
 * @param from what had been fetched
 * @param to what was fetched next
 */
public record Redirect(int status, URI from, URI to) {}
