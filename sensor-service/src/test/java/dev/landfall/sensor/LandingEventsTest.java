package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.sensor.LandingEvents.Touched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandingEventsTest {
    private static final Touched TOUCHED = new Touched("landing", "raw/shop/things/day=1/a b.parquet");
    private static final String S3 = """
            {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"landing"},
             "object":{"key":"raw/shop/things/day%3D1/a+b.parquet","size":10,"sequencer":"0055"}}}]}""";

    @Test
    void readsS3() {
        assertThat(LandingEvents.objects(S3)).containsExactly(TOUCHED);
    }

    @Test
    void readsS3ThroughSns() {
        String sns = "{\"Type\":\"Notification\",\"Message\":\""
                + S3.replace("\"", "\\\"").replace("\n", "\\n") + "\"}";

        assertThat(LandingEvents.objects(sns)).containsExactly(TOUCHED);
    }

    @Test
    void readsEventBridge() {
        assertThat(LandingEvents.objects("""
                {"detail-type":"Object Created","detail":{"bucket":{"name":"landing"},
                 "object":{"key":"raw/shop/things/day=1/a b.parquet"}}}""")).containsExactly(TOUCHED);
    }

    @Test
    void readsMinio() {
        assertThat(LandingEvents.objects("""
                {"EventName":"s3:ObjectCreated:Put","Key":"landing/raw/shop/things/day=1/a b.parquet","Records":[
                 {"s3":{"bucket":{"name":"landing"},"object":{"key":"raw%2Fshop%2Fthings%2Fday%3D1%2Fa+b.parquet"}}}]}""")).containsExactly(TOUCHED);
        assertThat(LandingEvents.objects("{\"Key\":\"landing/raw/shop/things/day=1/a b.parquet\"}"))
                .containsExactly(TOUCHED);
    }

    @Test
    void readsSeaweedFs() {
        assertThat(
                        LandingEvents.objects(
                                "{\"key\":\"/buckets/landing/raw/shop/things/day=1/a b.parquet\",\"message\":{\"new_entry\":{}}}"))
                .containsExactly(TOUCHED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "null",
                "[]",
                "7",
                "{}",
                "{\"data\":{\"success\":true,\"connection\":{\"name\":\"shopify\"}}}",
                "{\"Records\":7}",
                "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":7},\"object\":[]}}]}",
                "{\"Message\":\"{\\\"Message\\\":\\\"no\\\"}\"}"
            })
    void namesNothingWhereNothingIsNamed(String event) {
        assertThat(LandingEvents.objects(event)).isEmpty();
    }
}
