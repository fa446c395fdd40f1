package io.weir.http;

/** What is known of whether the server got the request: what a decision to send it again turns on. */
public enum Sent {
    /** Not a byte of it was written. To send it again is safe, whatever its method. */
    NO,
    /** Some or all of it was written, and no whole head of a response came back. Only an idempotent request may be sent again. */
    MAYBE,
    /** The server has answered: with the head of a response, or with what is none. */
    YES
}
