import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 server on port 8333 that checks signatures; the keys are AWS's variables, as for SeaweedFS. */
class S3 {
    public static void main(String[] ignored) throws Exception {
        Files.createDirectories(Path.of("/data"));
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore("/data"))
                .endpoint(URI.create("http://0.0.0.0:8333"))
                .awsAuthentication(
                        AuthenticationType.AWS_V4,
                        System.getenv("AWS_ACCESS_KEY_ID"),
                        System.getenv("AWS_SECRET_ACCESS_KEY"))
                .ignoreUnknownHeaders(true)
                .build();
        server.start();
        Thread.currentThread().join();
    }
}
