#!/usr/bin/env bash
# deploy/try-compose.sh: the whole compose stack on an engine that can pull no image. Builds the four images from
# deploy/Dockerfile on bases made here, starts the stack on stand-ins, lands the sample data, and compares the marts
# with those of `landfall demo`, which compares its own with an independent computation.
#
# Stand-ins: Debian by debootstrap and a JDK 25 for the bases; Kafka's jars from Maven Central for apache/kafka;
# S3Proxy for SeaweedFS; no DuckDB extension. Not tried by it: the profiles ducklake, observability and localstack.
#
# Needs docker (with BuildKit), docker-compose or its plugin, debootstrap, and in JDK25 a JDK 25.
set -euo pipefail
cd "$(dirname "$0")/.."
JDK25=${JDK25:-/usr/lib/jvm/temurin-25-jdk-amd64}
work=${WORK:-$(mktemp -d)}
export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1
export COMPOSE_PROJECT_NAME=landfall-try COMPOSE_PROFILES=file
export EXTENSIONS='' JARS=target JDK_IMAGE=landfall-local/jdk:25 JRE_IMAGE=landfall-local/jre:25
export KAFKA_IMAGE=landfall-local/kafka:4.2.2 S3_IMAGE=landfall-local/s3:4.1.0
compose() { if command -v docker-compose > /dev/null; then docker-compose "$@"; else docker compose "$@"; fi; }
query() { compose run --rm -T landfall query --format csv "$1" 2> /dev/null; }
say() { printf '\n== %s\n' "$*"; }

say "jars"
ls ./{sensor-service,core-runner,mart-runner,standalone}/target/*-exec.jar 2> /dev/null \
  || ./mvnw -q -DskipTests -Dspotless.check.skip package
standalone=$(ls standalone/target/*-exec.jar)

say "command line"
"$JDK25/bin/java" -Djarmode=tools -jar "$standalone" extract --force --application-filename landfall.jar --destination "$work/landfall"
landfall() {
  "$JDK25/bin/java" --enable-native-access=ALL-UNNAMED -Dlandfall.home="$PWD" -jar "$work/landfall/landfall.jar" "$@"
}

say "bases and stand-ins"
if ! docker image inspect landfall-local/debian:12 > /dev/null 2>&1; then
  debootstrap --variant=minbase bookworm "$work/debian"
  tar -C "$work/debian" -c . | docker import - landfall-local/debian:12
fi
if ! docker image inspect "$JDK_IMAGE" "$JRE_IMAGE" "$KAFKA_IMAGE" "$S3_IMAGE" > /dev/null 2>&1; then
  context=$(mktemp -d)
  cp -r "$JDK25" "$context/jdk"
  "$JDK25/bin/jlink" --strip-debug --no-header-files --no-man-pages --output "$context/jre" --add-modules \
    java.se,jdk.charsets,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs
  cp -r "$work/landfall/lib" "$context/kafka"
  ./mvnw -q -pl testing -am -DskipTests -Dspotless.check.skip package dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$context/s3" ${MAVEN_ARGS:-}
  cp deploy/standin/kafka.sh deploy/standin/S3.java "$context/"
  for image in "$JDK_IMAGE" "$JRE_IMAGE" "$KAFKA_IMAGE" "$S3_IMAGE"; do
    stage=${image#*/}
    docker build -q -f deploy/standin/Dockerfile --target "${stage%:*}" -t "$image" "$context"
  done
  rm -r "$context"
fi

say "images"
compose build
docker images --filter 'reference=landfall*/*'

say "stack"
down() { compose down --volumes --timeout 30 > /dev/null 2>&1; }
trap down EXIT
began=$SECONDS
compose up --detach --no-build
until [ "$(docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' landfall-try_demo-data_1)" = "exited 0" ]; do
  [ $((SECONDS - began)) -lt 300 ] || { compose logs --tail 50; exit 1; }
  sleep 1
done
echo "sample data landed after $((SECONDS - began)) s"

say "marts"
rows='select * from fct_sales order by all'
landfall demo --dir "$work/demo" > "$work/demo.txt"
LANDFALL_WAREHOUSE_FILE="$work/demo/warehouse.duckdb" landfall query --format csv "$rows" > "$work/expected.csv"
until query "$rows" > "$work/seen.csv" && cmp -s "$work/seen.csv" "$work/expected.csv"; do
  [ $((SECONDS - began)) -lt 300 ] || { diff "$work/expected.csv" "$work/seen.csv" | head; compose logs --tail 50; exit 1; }
  sleep 2
done
echo "fct_sales equals the demo's, $(($(wc -l < "$work/seen.csv") - 1)) rows, after $((SECONDS - began)) s"

say "services"
for service in sensor-service core-runner mart-runner; do
  container=landfall-try_${service}_1
  docker logs "$container" 2>&1 | grep -o 'Started [A-Za-z]* in [0-9.]* seconds (process running for [0-9.]*)'
  docker inspect --format '{{.Name}} {{.State.Health.Status}}, user {{.Config.User}}, read-only root {{.HostConfig.ReadonlyRootfs}}' "$container"
  docker exec "$container" bash -c '! touch /app/x 2> /dev/null && echo "cannot write /app"'
  docker exec "$container" bash -c 'exec 3<>/dev/tcp/127.0.0.1/8081; printf "GET /actuator/health HTTP/1.0\r\n\r\n" >&3; grep -o "^{\"[^{]*{" <&3 || true'
done
curl -s -o /dev/null -w 'POST /landing-events: %{http_code}\n' -X POST "http://127.0.0.1:${SENSOR_PORT:-8080}/landing-events"
