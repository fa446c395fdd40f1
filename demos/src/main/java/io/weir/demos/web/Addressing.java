package io.weir.demos.web;

/** How one process is many hosts. Either way it listens on loopback addresses only. */
public enum Addressing {
    /** A loopback address and a socket for each host: 127.1.0.1, 127.1.0.2, … Needs Linux, where all of 127/8 is local. */
    LOOPBACK_ADDRESSES,
    /**
     * A name for each host, {@code site-17.weir.test}, and one socket on 127.0.0.1 for all. The names are in no DNS: the
     * client has to be given {@link TestWeb#resolve}.
     */
    VIRTUAL_HOSTS;

    /** {@return {@link #LOOPBACK_ADDRESSES} where the system has them, since that asks nothing of the client} */
    public static Addressing ofThisMachine() {
        return System.getProperty("os.name", "").startsWith("Linux") ? LOOPBACK_ADDRESSES : VIRTUAL_HOSTS;
    }
}
