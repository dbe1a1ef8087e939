#!/usr/bin/env bash
# lay-out.sh JARS OUT: takes apart every *-exec.jar in JARS into OUT/<module>/<layer>.
# DuckDB's driver unpacks a 70 MB library into the temp folder at every start, unless it lies beside the jar.
set -euo pipefail
jars=$1 out=$2
case $(uname -m) in
  x86_64) platform=linux_amd64 ;;
  aarch64) platform=linux_arm64 ;;
  *) echo "lay-out.sh: DuckDB's driver has no library for $(uname -m)" >&2; exit 1 ;;
esac
for jar in "$jars"/*-exec.jar; do
  module=$(basename "$jar" | sed -E 's/-[0-9].*//')
  java -Djarmode=tools -jar "$jar" extract --layers --application-filename app.jar --destination "$out/$module"
  mkdir -p "$out/$module/snapshot-dependencies"
  for driver in "$out/$module"/dependencies/lib/duckdb_jdbc-*.jar; do
    work=$(mktemp -d)
    (
      cd "$work"
      jar --extract --file "$driver"
      mv "libduckdb_java.so_$platform" "$(dirname "$driver")/"
      rm -f libduckdb_java.so_*
      rm "$driver"
      jar --create --file "$driver" --manifest META-INF/MANIFEST.MF --date 2026-11-24T00:00:00Z -C "$work" .
    )
    rm -r "$work"
  done
done
