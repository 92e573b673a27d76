package io.memspike.oom;

import java.io.IOException;

/** What was read is no incident. The message says why in one line, and holds no text of what was read. */
public final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    Malformed(String what) {
        super(what);
    }
}
