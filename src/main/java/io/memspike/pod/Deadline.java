package io.memspike.pod;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** When a whole exchange must be over. A socket's own timeout begins anew with each byte that trickles in. */
final class Deadline {
    private final Duration whole;
    private final long at;

    Deadline(Duration whole) {
        this.whole = whole;
        this.at = System.nanoTime() + whole.toNanos();
    }

    /** @throws SocketTimeoutException if it has passed */
    private int millisLeft() throws IOException {
        long left = at - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("not done within " + whole.toSeconds() + " s");
        }
        // Never 0, which is for ever to a socket.
        return (int) Math.min(left / 1_000_000 + 1, Integer.MAX_VALUE);
    }

    /** What comes from that stream until then. Between two reads it looks at the clock; a read must end by itself. */
    InputStream on(InputStream in) {
        return new Input(in) {
            @Override
            void beforeRead() throws IOException {
                millisLeft();
            }
        };
    }

    /** A socket, not yet connected, whose reads end then at the latest. */
    Socket socket() {
        return new Socket() {
            @Override
            public InputStream getInputStream() throws IOException {
                Socket self = this;
                return new Input(super.getInputStream()) {
                    @Override
                    void beforeRead() throws IOException {
                        int left = millisLeft();
                        int timeout = self.getSoTimeout();
                        if (timeout == 0 || timeout > left) {
                            self.setSoTimeout(left);
                        }
                    }
                };
            }
        };
    }

    private abstract static class Input extends FilterInputStream {
        Input(InputStream in) {
            super(in);
        }

        abstract void beforeRead() throws IOException;

        @Override
        public int read() throws IOException {
            beforeRead();
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            beforeRead();
            return in.read(into, offset, length);
        }
    }
}
