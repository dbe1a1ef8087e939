#!/usr/bin/env bash
# Reads the same KAFKA_* variables as the image apache/kafka.
set -euo pipefail
env | grep -E '^KAFKA_' | grep -v '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r name value; do
  name=${name#KAFKA_} name=${name,,}
  echo "${name//_/.}=$value"
done > /tmp/server.properties
mkdir -p "$(sed -n 's/^log.dirs=//p' /tmp/server.properties)"
java -cp '/kafka/lib/*' kafka.tools.StorageTool format -t "$CLUSTER_ID" -c /tmp/server.properties --ignore-formatted
exec java ${KAFKA_HEAP_OPTS:-} -cp '/kafka/lib/*' kafka.Kafka /tmp/server.properties
