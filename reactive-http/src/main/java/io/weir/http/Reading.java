package io.weir.http;

import reactor.core.publisher.Mono;

/** What is made of the response that no redirect follows. */
@FunctionalInterface
interface Reading<T> {
    /** All of it in memory, within the limit. */
    Reading<FetchResponse> BUFFERED = Arrived::buffered;

    /** Emits one result or none. The body is lent until then, and may be subscribed to once. */
    Mono<T> read(Arrived arrived);
}
