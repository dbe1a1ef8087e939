#!/usr/bin/env python3
"""Runs a project under real dbt and writes its tables as CSV: what Landfall's tables are held against.

    dbt_oracle.py --project models --raw LAKE/raw --out DIR            one full refresh
    dbt_oracle.py --project models --syncs SYNCS --out DIR             day by day, then one full refresh; compares both

SYNCS holds folders sync-1, sync-2, …, each laid out as the bucket is (raw/shopify/orders/year=…), as SampleData writes
them. After each of them dbt builds once: from its own watermark, which misses files that come late into an older partition,
or with --partitions from the oldest partition that landed, named in the variable landed_partitions.

Needs a virtual environment with dbt-core and dbt-duckdb; see README.md beside this file.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb


def build(project, raw, warehouse, work, *arguments):
    environment = dict(
        os.environ,
        LANDFALL_RAW=str(raw),
        LANDFALL_WAREHOUSE_FILE=str(warehouse),
        DBT_TARGET_PATH=str(work / "target"),
        DBT_LOG_PATH=str(work / "logs"),
        DO_NOT_TRACK="1",
    )
    dbt = Path(sys.executable).with_name("dbt")
    command = [str(dbt), "--no-use-colors", "build", "--profiles-dir", str(project), "--project-dir", str(project)]
    done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        if re.search(r"Done\. PASS|\b(ERROR|FAIL|WARN) \d|Database Error|Compilation Error|Deprecat", line):
            print("  " + line)
    if done.returncode != 0:
        print(done.stdout[-2500:], done.stderr[-2000:])
        sys.exit(f"dbt ended with {done.returncode}")


def tables(connection):
    names = connection.execute("select table_name from duckdb_tables() where schema_name = 'main' and database_name = current_database() order by 1").fetchall()
    return [name for (name,) in names]


def dump(warehouse, out):
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name in tables(connection):
            target = str(out / f"{name}.csv").replace("'", "''")
            rows = connection.execute(f"""copy (from "{name}" order by all) to '{target}' (header)""").fetchone()[0]
            print(f"  {name}: {rows} rows")


def compare(left, right):
    """Prints per table what is in only one of the two warehouses; returns the number of tables that differ."""
    different = 0
    with duckdb.connect() as connection:
        connection.execute(f"attach '{left}' as l (read_only); attach '{right}' as r (read_only); use l")
        for name in tables(connection):
            only_left, only_right = (
                connection.execute(f"""select count(*) from (from {a}.main."{name}" except all from {b}.main."{name}")""")
                .fetchone()[0]
                for a, b in (("l", "r"), ("r", "l"))
            )
            print(f"  {name}: " + ("equal" if only_left + only_right == 0 else f"-{only_left} +{only_right}"))
            different += only_left + only_right > 0
    return different


def partitions(folder):
    return {re.search(r"year=(\d+)/month=(\d+)/day=(\d+)", str(path)).groups() for path in folder.rglob("*.parquet*")}


def landed(sync, lake):
    """From the oldest partition that landed to the newest: dbt has no guard, so an old partition must not come alone."""
    named = sorted(keys for keys in partitions(lake) if keys >= min(partitions(sync)))
    return json.dumps({"landed_partitions": [dict(zip(("year", "month", "day"), keys)) for keys in named]})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--raw", type=Path, help="the folder that stands for s3://landing/raw")
    parser.add_argument("--syncs", type=Path, help="folders sync-1, sync-2, … to land one after the other")
    parser.add_argument("--partitions", action="store_true", help="tell dbt which partitions landed")
    parser.add_argument("--out", type=Path, required=True, help="where the CSV files go")
    options = parser.parse_args()
    project = options.project.resolve()

    with tempfile.TemporaryDirectory(prefix="dbt-oracle-") as name:
        work = Path(name)
        full = work / "full" / "warehouse.duckdb"
        full.parent.mkdir()
        if options.raw:
            build(project, options.raw.resolve(), full, work, "--full-refresh")
            dump(full, options.out)
            return 0

        daily = work / "daily" / "warehouse.duckdb"
        daily.parent.mkdir()
        lake = work / "lake"
        for sync in sorted(options.syncs.glob("sync-*"), key=lambda path: int(path.name.split("-")[1])):
            print(sync.name)
            shutil.copytree(sync, lake, dirs_exist_ok=True)
            build(project, lake / "raw", daily, work, *(["--vars", landed(sync, lake)] if options.partitions else []))
        print("full refresh")
        build(project, lake / "raw", full, work, "--full-refresh")
        dump(full, options.out)
        print("day by day against full refresh")
        return compare(daily, full)


if __name__ == "__main__":
    sys.exit(main())
