package io.weir.demos.chat;

/** What becomes of a member whose outbox is full, because it does not read as fast as the others write. */
enum Overflow {
    /** It misses what does not fit, and is told how much that was as soon as there is room. */
    SKIP,
    /** Its connection is closed. */
    DISCONNECT
}
