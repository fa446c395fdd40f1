package io.weir.demos.web;

/**
 * One URL of the web.
 *
 * @param id its number, unique in the web: what its content is derived from
 * @param host the number of its host
 * @param target path and query as they stand in the request line
 * @param kind how it answers
 */
record Page(int id, int host, String target, PageKind kind) {
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Page page && page.id == id;
    }

    @Override
    public int hashCode() {
        return id;
    }
}
