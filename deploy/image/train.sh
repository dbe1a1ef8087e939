#!/usr/bin/env bash
# train.sh [ARGUMENTS]: one start of /app/app.jar, to record its classes and their linking in /app/app.aot.
# Without arguments the application ends once its beans stand, before it talks to a broker.
set -euo pipefail
cd "$(mktemp -d)"
options=()
if [ $# -eq 0 ]; then
  options+=(-Dspring.context.exit=onRefresh -Dspring.kafka.admin.auto-create=false)
fi
export LANDFALL_LAKE_URI="file:$PWD/lake" LANDFALL_LAKE_MIRROR_DIR="$PWD/mirror" LANDFALL_WAREHOUSE_FILE="$PWD/warehouse.duckdb"
mkdir -p lake/landing
java @/app/jvm.options -Xlog:aot=error -XX:AOTCacheOutput=/app/app.aot "${options[@]}" -jar /app/app.jar "$@"
test -s /app/app.aot
rm -rf "$PWD"
