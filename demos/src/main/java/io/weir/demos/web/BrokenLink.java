package io.weir.demos.web;

import java.net.URI;

/**
 * A link that leads nowhere.
 *
 * @param page the page it stands on, by its final URI
 * @param target the URL it names
 */
public record BrokenLink(URI page, URI target) {}
