package dev.landfall.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker and its controller in this JVM, for one machine. It listens on the loopback address only; its data
 * directory survives restarts, and a killed process.
 *
 * <p>It is quiet when {@code kafka}, {@code org.apache.kafka} and {@code state.change.logger} log errors only.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int TRIES_FOR_A_FREE_PORT = 3;
    private static final int NODE = 1;
    private static final String CONTROLLER = "CONTROLLER";

    private final KafkaRaftServer server;
    private final int port;
    private final FileChannel lock;

    private EmbeddedKafka(KafkaRaftServer server, int port, FileChannel lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    /**
     * Starts a broker, and returns when it serves.
     *
     * @param directory holds the broker's data; made when it does not exist
     * @param port the port to listen on, 0 for any free one
     * @throws IllegalStateException when another process runs a broker on this directory or listens on this port; the
     *     message says which
     */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /** As {@link #start(Path, int)}, with broker settings that go over the built-in ones. */
    public static EmbeddedKafka start(Path directory, int port, Map<String, String> settings) {
        FileChannel lock = lock(directory);
        try {
            format(directory);
            return startOnFreePorts(directory, port, settings, lock);
        } catch (Throwable failure) {
            release(lock);
            throw failure;
        }
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker and waits for its end; the data stays. */
    @Override
    public void close() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            release(lock);
        }
    }

    /**
     * Kafka's own lock comes too late: its raft node writes to the metadata log before, so that a second broker on the
     * same directory damages it and halts this JVM.
     */
    private static FileChannel lock(Path directory) {
        Path file = directory.toAbsolutePath().resolveSibling(directory.getFileName() + ".lock");
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new IllegalStateException("another broker runs on " + directory + " (it holds " + file
                        + "); stop it, or choose another directory");
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + " for Kafka's data: " + e.getMessage(), e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void format(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setControllerListenerName(CONTROLLER)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot lay out Kafka's data in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The controller's port is part of the static quorum, so it cannot be 0: somebody may take it meanwhile. */
    private static EmbeddedKafka startOnFreePorts(
            Path directory, int port, Map<String, String> settings, FileChannel lock) {
        for (int attempt = 1; ; attempt++) {
            int brokerPort = port == 0 ? freePort() : port;
            KafkaRaftServer server =
                    new KafkaRaftServer(configuration(directory, brokerPort, freePort(), settings), Time.SYSTEM);
            try {
                server.startup();
                return new EmbeddedKafka(server, brokerPort, lock);
            } catch (Throwable failure) {
                server.shutdown();
                if (!isPortTaken(failure)) {
                    throw failure;
                }
                if (port != 0) {
                    throw new IllegalStateException(
                            "port " + port + " is in use; stop what listens there, or choose another port", failure);
                }
                if (attempt == TRIES_FOR_A_FREE_PORT) {
                    throw failure;
                }
            }
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    || (cause instanceof KafkaException
                            && String.valueOf(cause.getMessage()).contains("in use"))) {
                return true;
            }
        }
        return false;
    }

    private static KafkaConfig configuration(
            Path directory, int port, int controllerPort, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(NODE));
        properties.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        properties.put(
                "listeners",
                "PLAINTEXT://" + HOST + ":" + port + "," + CONTROLLER + "://" + HOST + ":" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("log.dirs", directory.toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("log.retention.ms", "-1");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.put(topic + ".replication.factor", "1");
            properties.put(topic + ".num.partitions", "1");
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        keepSmall(properties);
        properties.putAll(settings);
        return new KafkaConfig(properties, false);
    }

    /** Kafka's defaults are for a machine of its own: 128 MiB of heap for the cleaner alone, 10 MiB for each index. */
    private static void keepSmall(Properties properties) {
        properties.put("num.network.threads", "1");
        properties.put("num.io.threads", "2");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
        properties.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + HOST + ": " + e.getMessage(), e);
        }
    }
}
