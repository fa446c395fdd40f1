/** A use of Weir: mail sent from a folder, again and again, with retries and dead letters. Begin with {@link io.weir.demos.mailer.MailerCommand}. */
@NullMarked
package io.weir.demos.mailer;

import org.jspecify.annotations.NullMarked;
