package io.weir.demos.web;

/** Where a page sends its reader. */
record Redirect(int status, Page to) {}
