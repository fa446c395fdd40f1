package io.weir.demos.web;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A host of the web as clients see it. */
record Origin(String name, InetAddress address, int port) {
    static final byte[] LOCALHOST = {127, 0, 0, 1};

    private static final int HOSTS_PER_NET = 250;

    /** The name that the URLs of a host carry. */
    static String name(Addressing addressing, int host) {
        return addressing == Addressing.VIRTUAL_HOSTS
                ? "site-" + host + ".weir.test"
                : "127.1." + host / HOSTS_PER_NET + "." + (host % HOSTS_PER_NET + 1);
    }

    /** The address that a host listens on. Asks no DNS. */
    static InetAddress address(Addressing addressing, int host) {
        byte[] bytes = addressing == Addressing.VIRTUAL_HOSTS
                ? LOCALHOST
                : new byte[] {127, 1, (byte) (host / HOSTS_PER_NET), (byte) (host % HOSTS_PER_NET + 1)};
        try {
            return InetAddress.getByAddress(name(addressing, host), bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    String authority() {
        return name + ":" + port;
    }

    String url(Page page) {
        return "http://" + authority() + page.target();
    }
}
