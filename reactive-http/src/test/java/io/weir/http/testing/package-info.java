/** For the tests of those who use the client: a transport that answers as it is told, without a server, in virtual time too. */
@NullMarked
package io.weir.http.testing;

import org.jspecify.annotations.NullMarked;
