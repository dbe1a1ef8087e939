package dev.landfall.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamFilesTest {
    @TempDir
    Path root;

    @BeforeEach
    void project() throws IOException {
        write("dbt_project.yml", "name: x\nmodel-paths: [dbt/models]\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> problems() {
        return StreamFiles.find(root).problems().stream().map(Problem::toString).toList();
    }

    private StreamConfig only() {
        StreamFiles.Found found = StreamFiles.find(root);
        assertThat(found.problems()).isEmpty();
        assertThat(found.streams()).hasSize(1);
        return found.streams().get(0);
    }

    @Test
    void makesAStreamOfAPathAlone() throws IOException {
        write("streams/shop/orders.json", "{}");

        StreamConfig stream = only();

        assertThat(stream.name()).isEqualTo(new StreamName("shop", "orders"));
        assertThat(stream.prefix()).isEqualTo("raw/shop/orders/");
        assertThat(stream.file()).isEqualTo(Path.of("streams/shop/orders.json"));
        assertThat(stream.selected()).isTrue();
        assertThat(stream.bucket()).isNull();
        assertThat(stream.poll()).isNull();
    }

    @Test
    void readsAirbytesKeysAndOurs() throws IOException {
        write("streams/shop/orders.json", """
                {"stream": {"name": "orders"}, "sync_mode": "incremental", "destination_sync_mode": "append",
                 "primary_key": [["id"], ["shop", "url"]], "cursor_field": ["updated_at"], "selected": false, "whatever": 1,
                 "fields": {"id": "BIGINT"},
                 "landfall": {"poll": "500ms", "quiet_period": "2m", "prefix": "/lake/orders", "bucket": "other"}}
                """);

        StreamConfig stream = only();

        assertThat(stream.primaryKey()).containsExactly(List.of("id"), List.of("shop", "url"));
        assertThat(stream.cursorField()).containsExactly("updated_at");
        assertThat(stream.selected()).isFalse();
        assertThat(stream.poll()).isEqualTo(Duration.ofMillis(500));
        assertThat(stream.quietPeriod()).isEqualTo(Duration.ofMinutes(2));
        assertThat(stream.prefix()).isEqualTo("lake/orders/");
        assertThat(stream.bucket()).isEqualTo("other");
        assertThat(stream.fields()).containsEntry("id", "BIGINT");
    }

    @Test
    void looksInTheRootAndBesideModelPaths() throws IOException {
        write("streams/a/one.json", "{}");
        write("assets/streams/a/two.json", "{}");
        write("dag/streams/a/three.json", "{}");
        write("dbt/streams/b/four.json", "{}");
        write("dbt/dag/streams/b/five.json", "{}");
        write("elsewhere/streams/c/six.json", "{}");

        assertThat(StreamFiles.find(root).streams())
                .extracting(stream -> stream.name().toString())
                .containsExactly("a.one", "a.three", "a.two", "b.five", "b.four");
    }

    @Test
    void looksOnlyWhereTheProjectSays() throws IOException {
        write("dbt_project.yml", "name: x\nvars: {landfall: {streams-path: config/feeds}}\n");
        write("streams/a/one.json", "{}");
        write("config/feeds/a/two.json", "{}");

        assertThat(StreamFiles.find(root).streams())
                .extracting(stream -> stream.name().toString())
                .containsExactly("a.two");
    }

    @Test
    void skipsWhatBeginsWithAnUnderscore() throws IOException {
        write("streams/_catalog.json", "not even JSON");
        write("streams/shop/_notes.json", "neither");
        write("streams/_old/orders.json", "nor this");
        write("streams/shop/readme.md", "text");

        assertThat(StreamFiles.find(root)).isEqualTo(new StreamFiles.Found(List.of(), List.of()));
    }

    @Test
    void refusesUnknownKeysOfOurOwnAndNamesTheNearest() throws IOException {
        write("streams/shop/orders.json", "{\n \"landfall\": {\n  \"pol\": \"5s\"}}");

        assertThat(problems())
                .containsExactly("streams/shop/orders.json:3: unknown key 'landfall.pol': did you mean 'poll'?");
    }

    @Test
    void tellsTheLineOfWhatIsNotJson() throws IOException {
        write("streams/shop/orders.json", "{\n \"selected\": tru\n}");
        write("streams/shop/customers.json", "{}");

        StreamFiles.Found found = StreamFiles.find(root);

        assertThat(found.problems()).hasSize(1);
        assertThat(found.problems().get(0).toString()).startsWith("streams/shop/orders.json:2:14: not JSON: ");
        assertThat(found.streams()).extracting(StreamConfig::name).containsExactly(new StreamName("shop", "customers"));
    }

    @Test
    void refusesBadNamesDurationsAndShapes() throws IOException {
        write("streams/Shop/orders.json", "{}");
        write("streams/shop/or-ders.json", "{}");
        write("streams/stray.json", "{}");
        write("streams/shop/a.json", "[]");
        write("streams/shop/b.json", "{\"landfall\": {\"poll\": \"soon\", \"prefix\": \"s3://x/y\"}}");
        write("streams/shop/c.json", "{\"selected\": \"yes\"}");

        assertThat(String.join("\n", problems()))
                .contains("streams/Shop/orders.json: source 'Shop' is not of the form [a-z0-9_]+")
                .contains("streams/shop/or-ders.json: stream 'or-ders'")
                .contains("streams/stray.json: a stream file belongs in a folder named after its source")
                .contains("streams/shop/a.json:1: must hold a JSON object; {} is enough")
                .contains("streams/shop/b.json:1: 'landfall.poll' is 'soon', not a duration such as 500ms, 5s, 2m, 1h")
                .contains("streams/shop/b.json:1: 'landfall.prefix' is 's3://x/y'")
                .contains("streams/shop/c.json:1: 'selected' must be true or false");
    }

    @Test
    void refusesTwoFilesForOneStream() throws IOException {
        write("streams/shop/orders.json", "{}");
        write("dag/streams/shop/orders.json", "{}");

        assertThat(problems())
                .containsExactly(
                        "dag/streams/shop/orders.json: stream shop.orders has a file already: streams/shop/orders.json");
    }
}
