/** Proofs for the file operations, and what they share. */
@NullMarked
package io.weir.files;

import org.jspecify.annotations.NullMarked;
