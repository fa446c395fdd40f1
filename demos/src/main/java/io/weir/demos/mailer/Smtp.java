package io.weir.demos.mailer;

import io.weir.core.offload.Offload;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import reactor.core.publisher.Mono;

/** Sends messages with Jakarta Mail, which blocks, on the workers of {@link Offload#blocking}. */
final class Smtp {
    private static final String LONGEST_WAIT_MILLIS = "10000";

    private final Properties properties = new Properties();

    Smtp(String host, int port) {
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", host);
        properties.setProperty("mail.smtp.port", Integer.toString(port));
        properties.setProperty("mail.smtp.starttls.enable", "true");
        // A cancel interrupts the worker, which a socket of the JDK does not notice: what it waits for must have an
        // end.
        properties.setProperty("mail.smtp.connectiontimeout", LONGEST_WAIT_MILLIS);
        properties.setProperty("mail.smtp.timeout", LONGEST_WAIT_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", LONGEST_WAIT_MILLIS);
    }

    /**
     * Sends one message, as a file holds it, to all whom its header names. Completes when the server has taken it. Errors:
     * {@link UndeliverableException} for what would fail again, {@link MessagingException} for what may pass.
     */
    Mono<Void> send(byte[] message) {
        return Offload.blocking(() -> {
            deliver(message);
            return null;
        });
    }

    private void deliver(byte[] bytes) throws MessagingException {
        // Made here and not once: it looks for its parts in jars, which is no work for an event loop.
        Session session = Session.getInstance(properties);
        MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(bytes));
        if (message.getAllRecipients() == null) {
            throw new UndeliverableException("it names no recipient");
        }
        try {
            Transport.send(message);
        } catch (SendFailedException refused) {
            int code = code(refused);
            if (code / 100 == 5) {
                throw new UndeliverableException("the server refuses it with " + code);
            }
            throw refused;
        }
    }

    /** The server's answer may be that to the message, or to one recipient's address. */
    private static int code(MessagingException error) {
        for (Exception e = error; e instanceof MessagingException told; e = told.getNextException()) {
            if (told instanceof SMTPAddressFailedException address) {
                return address.getReturnCode();
            } else if (told instanceof SMTPSenderFailedException sender) {
                return sender.getReturnCode();
            } else if (told instanceof SMTPSendFailedException message && message.getReturnCode() >= 0) {
                if (message.getNextException() == null) {
                    return message.getReturnCode();
                }
            }
        }
        return 0;
    }
}
