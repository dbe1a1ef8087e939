#!/bin/sh
# How long a cold parse of N models takes beside dbt's, in turns: bench/parse.sh N PAIRS DBT
# Prints wall and CPU seconds of each run; dbt parses without and then with its own cache of the last parse.
set -eu
count=${1:-1000} pairs=${2:-9} dbt=${3:-dbt}
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$home/bench/projects.py" "$count" "$work/project"
cd "$work/project"
export DO_NOT_TRACK=1

timed() {
  name=$1
  shift
  python3 - "$name" "$@" <<'PY'
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{sys.argv[1]:14} wall {wall:6.2f} s   CPU {used.ru_utime + used.ru_stime:6.2f} s", flush=True)
PY
}

landfall=${LANDFALL:-$home/landfall}
$landfall parse >/dev/null 2>&1 # builds and lays out where need be
for _ in $(seq "$pairs"); do
  timed landfall $landfall parse
  timed dbt "$dbt" parse --no-partial-parse --profiles-dir .
  timed 'dbt cached' "$dbt" parse --profiles-dir .
done
