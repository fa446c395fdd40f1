package io.weir.http;

/** Whether a client speaks HTTP/2. */
public enum Http2 {
    /** Never: HTTP/1.1 with everybody. */
    OFF,
    /** With https servers that offer it in the TLS handshake (ALPN); HTTP/1.1 with the others, and without TLS. */
    NEGOTIATED,
    /**
     * The same over TLS, and without TLS with everybody, unasked: for servers that are known to speak it so, as many do behind
     * a gateway (h2c with prior knowledge). Others answer with an error.
     */
    PRIOR_KNOWLEDGE
}
