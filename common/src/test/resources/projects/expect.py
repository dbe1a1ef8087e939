#!/usr/bin/env python3
"""Asks real dbt what it makes of the projects beside this file, and writes each one's expected.json.

    python3 -m venv /tmp/dbt && /tmp/dbt/bin/pip install dbt-core==1.12.* dbt-duckdb==1.11.*
    /tmp/dbt/bin/python expect.py [project ...]
"""
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DBT = os.path.join(os.path.dirname(sys.executable), "dbt")
FIELDS = ["alias", "database", "schema", "relation_name", "fqn", "description", "path", "original_file_path",
          "checksum", "refs", "test_metadata", "column_name", "resource_type", "raw_code"]


def dbt(project, work, *arguments):
    environment = dict(os.environ, DO_NOT_TRACK="1", DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    done = subprocess.run([DBT, *arguments, "--project-dir", project, "--profiles-dir", project],
                          cwd=project, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def compact(sql):
    return re.sub(r" ?([(),\[\]]) ?", r"\1", " ".join(sql.split()))


def config(node):
    values = {key: value for key, value in node["config"].items() if value is not None}
    for hook in values.get("pre-hook", []) + values.get("post-hook", []):
        hook.pop("index", None)
    # dbt gives a test its column's and its source's tags beside its configuration, Landfall within it.
    values.pop("tags", None)
    return values


def expectation(node):
    expected = {field: node[field] for field in FIELDS if node.get(field) is not None}
    if node["original_file_path"].endswith(".yml") and node["resource_type"] == "snapshot":
        del expected["checksum"]
    expected["tags"] = sorted(set(node["tags"]))
    expected["config"] = config(node)
    expected["depends_on"] = sorted(node["depends_on"].get("nodes", []))
    expected["macros"] = sorted(node["depends_on"]["macros"])
    expected["columns"] = {name: [column["description"], column["tags"], column["meta"]]
                           for name, column in node["columns"].items()}
    if node["resource_type"] != "seed":
        expected["compiled"] = compact(node["compiled_code"])
    return expected


def main(names):
    for name in names or sorted(os.listdir(HERE)):
        source = os.path.join(HERE, name)
        if not os.path.exists(os.path.join(source, "expected.json")) and not names:
            continue
        with tempfile.TemporaryDirectory() as work:
            project = os.path.join(work, name)
            shutil.copytree(source, project)
            if os.path.exists(os.path.join(project, "packages.yml")):
                dbt(project, work, "deps")
            dbt(project, work, "compile")
            manifest = json.load(open(os.path.join(project, "target", "manifest.json")))
        versions = {each: importlib.metadata.version(each) for each in ("dbt-core", "dbt-duckdb", "duckdb")}
        nodes = {key: expectation(node) for key, node in sorted(manifest["nodes"].items())
                 if node["resource_type"] != "operation"}
        sources = {key: {"fqn": node["fqn"], "tags": sorted(node["tags"]), "description": node["description"],
                         "schema": node["schema"], "database": node["database"], "identifier": node["identifier"]}
                   for key, node in sorted(manifest["sources"].items())}
        with open(os.path.join(source, "expected.json"), "w") as out:
            json.dump({"versions": versions, "nodes": nodes, "sources": sources}, out, indent=1, sort_keys=True,
                      ensure_ascii=False)
            out.write("\n")
        print(name, len(nodes), "nodes,", len(sources), "sources")


if __name__ == "__main__":
    main(sys.argv[1:])
