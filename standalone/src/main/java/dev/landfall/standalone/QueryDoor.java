package dev.landfall.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.landfall.template.QueryResult;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lets {@code landfall query} ask a warehouse that this process holds open: DuckDB lets no second process in. It listens
 * on the loopback interface only, and asks for a token that only the owner of this process can read.
 */
final class QueryDoor implements AutoCloseable {
    private static final int FINE = 200;
    private static final int REFUSED = 403;
    private static final int FAILED = 422;

    private final Warehouse warehouse;
    private final HttpServer server;
    private final ExecutorService threads;
    private final String token;

    private QueryDoor(Warehouse warehouse) throws IOException {
        this.warehouse = warehouse;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "query-door");
            thread.setDaemon(true);
            return thread;
        });
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        this.token = HexFormat.of().formatHex(secret);
    }

    static QueryDoor open(Warehouse warehouse) {
        try {
            QueryDoor door = new QueryDoor(warehouse);
            door.server.setExecutor(door.threads);
            door.server.createContext("/query", door::answer);
            door.server.start();
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on the loopback interface: " + e.getMessage(), e);
        }
    }

    URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    String token() {
        return token;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization == null || !same(authorization, "Bearer " + token)) {
                reply(exchange, REFUSED, "wrong token");
                return;
            }
            String sql = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            ResultFormat format = ResultFormat.valueOf(
                    exchange.getRequestURI().getQuery().replace("format=", "").toUpperCase(Locale.ROOT));
            try {
                QueryResult result = warehouse.with("query", session -> session.query(sql));
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                format.write(result.names(), result.rows(), new PrintStream(text, false, StandardCharsets.UTF_8));
                reply(exchange, FINE, text.toString(StandardCharsets.UTF_8));
            } catch (WarehouseException e) {
                reply(exchange, FAILED, String.valueOf(e.getMessage()));
            }
        }
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Asks another process's door; prints the rows. */
    static void ask(RunningInstance instance, String sql, ResultFormat format, PrintStream out) {
        HttpRequest request = HttpRequest.newBuilder(instance.door().resolve("/query?format=" + format))
                .header("Authorization", "Bearer " + instance.token())
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() != FINE) {
                throw new IllegalStateException(response.body());
            }
            out.print(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "landfall up (process " + instance.process() + ") holds the warehouse and does not answer: "
                            + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
