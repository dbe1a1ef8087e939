package dev.landfall.standalone;

import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.S3Lake;
import dev.landfall.standalone.demo.SampleData;
import dev.landfall.standalone.demo.SampleFile;
import dev.landfall.standalone.demo.Sync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/** Lands the demo's sample data in a bucket, for services that run elsewhere. */
@Command(
        name = "sample-data",
        description = {
            "Land the sample data of the demo in the bucket that LANDFALL_LAKE_* name, one sync after the other.",
            "What is there already is left as it is."
        },
        sortOptions = false)
final class SampleDataCommand implements Callable<Integer> {
    private final Landfall landfall;

    SampleDataCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws IOException {
        LakeSettings lake = LakeSettings.of(landfall.surroundings().environment());
        if (!lake.uri().startsWith("s3://")) {
            throw new IllegalArgumentException("sample-data lands in S3, and LANDFALL_LAKE_URI is '" + lake.uri()
                    + "'; landfall demo lands in a directory");
        }
        Path work = Files.createTempDirectory("landfall-sample-");
        try (S3Client s3 = S3Lake.client(lake)) {
            makeBucket(s3, lake.bucket());
            for (Sync sync : SampleData.generate(work, 1)) {
                land(s3, lake.bucket(), sync);
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        return Landfall.FINE;
    }

    private void land(S3Client s3, String bucket, Sync sync) {
        int landed = 0;
        for (SampleFile file : sync.files()) {
            boolean isThere =
                    s3
                            .listObjectsV2(request ->
                                    request.bucket(bucket).prefix(file.key()).maxKeys(1))
                            .contents()
                            .stream()
                            .anyMatch(object -> object.key().equals(file.key()));
            if (!isThere) {
                s3.putObject(request -> request.bucket(bucket).key(file.key()), file.local());
                landed++;
            }
        }
        landfall.console()
                .progress("Sync " + sync.number() + ", " + sync.title() + ": " + landed + " of "
                        + sync.files().size() + " files landed");
    }

    private static void makeBucket(S3Client s3, String bucket) {
        try {
            s3.headBucket(request -> request.bucket(bucket));
        } catch (NoSuchBucketException absent) {
            s3.createBucket(request -> request.bucket(bucket));
        }
    }
}
