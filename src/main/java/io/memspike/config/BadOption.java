package io.memspike.config;

/** An option that can't be used; the message is one line that names it. */
public final class BadOption extends Exception {
    private static final long serialVersionUID = 1;

    BadOption(String message) {
        // What was typed may have line ends in it: a value from a file often ends in one.
        super(message.replace("\n", "\\n").replace("\r", "\\r"));
    }
}
