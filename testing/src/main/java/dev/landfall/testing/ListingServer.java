package dev.landfall.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server that speaks ListObjectsV2 and nothing else, over a sorted index in memory: a page costs the same however
 * many objects there are, as on S3. For size and speed; keys are ASCII, signatures are not looked at.
 */
public final class ListingServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final NavigableMap<String, Entry> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong pages = new AtomicLong();
    private volatile long latencyMillis;

    private record Entry(long size, String etag, Instant lastModified) {}

    private ListingServer() {
        try {
            // Else each answer waits for the acknowledgement of its head.
            System.setProperty("sun.net.httpserver.nodelay", "true");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "listing-server");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public static ListingServer start() {
        return new ListingServer();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How long each answer takes on its way. */
    public ListingServer latencyMillis(long millis) {
        latencyMillis = millis;
        return this;
    }

    public void put(String bucket, String key, long size, Instant lastModified) {
        String etag = String.format("%032x", (long) key.hashCode() << 20 ^ lastModified.toEpochMilli());
        objects.put(bucket + "/" + key, new Entry(size, etag, lastModified));
    }

    /** Listings answered so far, those of one key aside: they ask whether the bucket is there. */
    public long pages() {
        return pages.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = query(exchange);
            if (!query.getOrDefault("max-keys", "").equals("1")) {
                pages.incrementAndGet();
            }
            if (latencyMillis > 0) {
                Thread.sleep(latencyMillis);
            }
            String bucket = exchange.getRequestURI().getPath().substring(1).replaceFirst("/$", "");
            byte[] body = page(bucket, query).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String page(String bucket, Map<String, String> query) {
        String prefix = bucket + "/" + query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", query.getOrDefault("start-after", ""));
        int limit = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        StringBuilder contents = new StringBuilder(limit * 300);
        int count = 0;
        String last = "";
        boolean isTruncated = false;
        String from = bucket + "/" + after;
        NavigableMap<String, Entry> rest =
                from.compareTo(prefix) < 0 ? objects.tailMap(prefix, true) : objects.tailMap(from, false);
        for (Map.Entry<String, Entry> object : rest.entrySet()) {
            if (!object.getKey().startsWith(prefix)) {
                break;
            }
            if (count == limit) {
                isTruncated = true;
                break;
            }
            last = object.getKey().substring(bucket.length() + 1);
            append(contents, last, object.getValue());
            count++;
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>" + bucket
                + "</Name><EncodingType>url</EncodingType><KeyCount>" + count + "</KeyCount><IsTruncated>" + isTruncated
                + "</IsTruncated>"
                + (isTruncated ? "<NextContinuationToken>" + encode(last) + "</NextContinuationToken>" : "")
                + contents + "</ListBucketResult>";
    }

    private static void append(StringBuilder xml, String key, Entry entry) {
        xml.append("<Contents><Key>")
                .append(encode(key))
                .append("</Key><LastModified>")
                .append(entry.lastModified)
                .append("</LastModified><ETag>&quot;")
                .append(entry.etag)
                .append("&quot;</ETag><Size>")
                .append(entry.size)
                .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
    }

    private static String encode(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        for (String pair :
                String.valueOf(exchange.getRequestURI().getRawQuery()).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        // The continuation token is encoded twice: it is a key as the listing encodes it.
                        URLDecoder.decode(
                                URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
