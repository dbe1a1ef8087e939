package dev.landfall.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and a server on the loopback interface, and does to their connections what networks do. It
 * keeps its port for as long as it lives.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final int BUFFER = 8192;
    private static final int PAUSE_MS = 5;

    private final int port;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong broken = new AtomicLong();
    private volatile @Nullable ServerSocket door;
    private volatile @Nullable Thread porter;
    /** Keeps the port while the door is shut: a client that tries in vain to connect may get it as its own. */
    private volatile @Nullable Socket sign;

    private volatile int target;
    private volatile boolean swallowing;
    private volatile long breakAfter = Long.MAX_VALUE;

    private FaultyProxy() {
        this.port = listen(0);
    }

    /** On a free port; whoever connects is refused until it is told where to lead. */
    public static FaultyProxy start() {
        return new FaultyProxy();
    }

    /** Leads what connects from here on to this port of the loopback interface. */
    public FaultyProxy leadTo(int server) {
        target = server;
        return this;
    }

    public int port() {
        return port;
    }

    /** Resets every connection, and refuses new ones until it is healed. */
    public void cut() {
        ServerSocket now = door;
        door = null;
        if (now != null) {
            close(now);
            awaitPorter();
            keepPort();
        }
        reset();
    }

    /** As long as a thread waits for connections, the system takes them, closed or not. */
    private void awaitPorter() {
        Thread waiting = porter;
        try {
            if (waiting != null) {
                waiting.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bound and not listening: who connects is refused. */
    private void keepPort() {
        Socket bound = new Socket();
        sign = bound;
        try {
            bound.setReuseAddress(true);
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException takenThatFast) {
            close(bound);
        }
    }

    /** Resets every connection; new ones are taken. */
    public void reset() {
        open.forEach(Connection::reset);
    }

    /**
     * No byte passes any more, on connections that are open and on those that come until it is healed: what a lost route
     * looks like.
     */
    public void swallow() {
        swallowing = true;
        open.forEach(connection -> connection.silent = true);
    }

    /** Each new connection is reset in the middle, after so many bytes in either direction. */
    public void breakAfter(long bytes) {
        breakAfter = bytes;
    }

    /** How many connections broke in the middle so far. */
    public long broken() {
        return broken.get();
    }

    /** All is well for new connections from here on. What was swallowed stays so: nobody tells its ends. */
    public void heal() {
        swallowing = false;
        breakAfter = Long.MAX_VALUE;
        if (door == null) {
            listen(port);
            takeSignOff();
        }
    }

    @Override
    public void close() {
        cut();
        takeSignOff();
    }

    private void takeSignOff() {
        Socket bound = sign;
        sign = null;
        if (bound != null) {
            close(bound);
        }
    }

    private int listen(int wanted) {
        try {
            ServerSocket made = new ServerSocket();
            made.setReuseAddress(true);
            made.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            door = made;
            porter = inBackground(() -> accept(made));
            return made.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket at) {
        while (!at.isClosed()) {
            try {
                Socket client = at.accept();
                try {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    new Connection(client, server, breakAfter).begin();
                } catch (IOException noServer) {
                    close(client);
                }
            } catch (IOException doorClosed) {
                return;
            }
        }
    }

    private final class Connection {
        private final Socket client;
        private final Socket server;
        private final long limit;
        private volatile boolean silent = swallowing;

        Connection(Socket client, Socket server, long limit) {
            this.client = client;
            this.server = server;
            this.limit = limit;
        }

        void begin() {
            open.add(this);
            inBackground(() -> pass(client, server));
            inBackground(() -> pass(server, client));
            if (door == null) {
                reset();
            }
        }

        private void pass(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER];
            long passed = 0;
            try {
                OutputStream out = to.getOutputStream();
                for (int read = read(from, buffer); read >= 0; read = read(from, buffer)) {
                    if (passed + read > limit) {
                        out.write(buffer, 0, (int) (limit - passed));
                        out.flush();
                        broken.incrementAndGet();
                        reset();
                        return;
                    }
                    out.write(buffer, 0, read);
                    out.flush();
                    passed += read;
                }
                to.shutdownOutput();
            } catch (IOException gone) {
                reset();
            }
        }

        /** Gives what comes, but nothing, and not even the end, on a silent connection. */
        private int read(Socket from, byte[] buffer) throws IOException {
            int read = from.getInputStream().read(buffer);
            while (silent && !from.isClosed()) {
                pause();
            }
            return read;
        }

        void reset() {
            open.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException closedAlready) {
                    continue;
                }
                close(socket);
            }
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Thread inBackground(Runnable work) {
        Thread thread = new Thread(work, "faulty-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
