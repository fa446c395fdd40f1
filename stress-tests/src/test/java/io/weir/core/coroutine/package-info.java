/**
 * The races of {@code io.weir.core.coroutine}, one class each, run by jcstress. No body has a thread of its own: one actor is the body's
 * thread, which really parks, and the other one resumes or cancels it. In the same package, so that they see what users do not.
 */
@NullMarked
package io.weir.core.coroutine;

import org.jspecify.annotations.NullMarked;
