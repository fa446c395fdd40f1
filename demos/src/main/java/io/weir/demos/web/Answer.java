package io.weir.demos.web;

import org.jspecify.annotations.Nullable;

/** A response. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers, and nobody changes a body
record Answer(
        int status, @Nullable String contentType, @Nullable String location, byte[] body) {
    /** Whether it calls itself HTML: what a crawler goes by. */
    boolean html() {
        return contentType != null && contentType.startsWith("text/html");
    }
}
