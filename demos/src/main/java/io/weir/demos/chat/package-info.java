/** A use of Weir: rooms to talk in, over WebSocket, with a web page. Begin with {@link io.weir.demos.chat.Room}. */
@NullMarked
package io.weir.demos.chat;

import org.jspecify.annotations.NullMarked;
