"""Reads Landfall's artifacts with dbt's own readers, and records which fields dbt's schemas ask for.

    dbt_artifacts.py check PROJECT TARGET   read TARGET/manifest.json and run_results.json; compare PROJECT's state
    dbt_artifacts.py fields FILE            write the required fields by kind, which ArtifactFieldsTest holds
"""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

KINDS = {
    "model": ("dbt.artifacts.resources", "Model"),
    "seed": ("dbt.artifacts.resources", "Seed"),
    "snapshot": ("dbt.artifacts.resources", "Snapshot"),
    "analysis": ("dbt.artifacts.resources", "Analysis"),
    "test": ("dbt.artifacts.resources", "GenericTest"),
    "source": ("dbt.artifacts.resources", "SourceDefinition"),
    "macro": ("dbt.artifacts.resources", "Macro"),
    "doc": ("dbt.artifacts.resources", "Documentation"),
    "manifest": ("dbt.artifacts.schemas.manifest", "WritableManifest"),
    "run_results": ("dbt.artifacts.schemas.run", "RunResultsArtifact"),
    "result": ("dbt.artifacts.schemas.run", "RunResultOutput"),
}


def fields(file):
    import importlib

    recorded = {"dbt-core": version("dbt-core")}
    for kind, (module, name) in KINDS.items():
        schema = getattr(importlib.import_module(module), name).json_schema()
        recorded[kind] = sorted(schema.get("required", []))
    Path(file).write_text(json.dumps(recorded, indent=1) + "\n")


def check(project, target):
    from argparse import Namespace

    from dbt.flags import set_from_args

    set_from_args(Namespace(state_modified_compare_more_unrendered_values=True), None)
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.artifacts.schemas.run import RunResultsArtifact

    manifest = WritableManifest.read_and_check_versions(f"{target}/manifest.json")
    print("dbt-core", version("dbt-core"), "manifest:", len(manifest.nodes), "nodes,", len(manifest.macros), "macros")
    results = Path(target, "run_results.json")
    if results.exists():
        print("run_results:", len(RunResultsArtifact.read_and_check_versions(str(results)).results), "results")
    try:
        from dbt_artifacts_parser.parser import parse_manifest, parse_run_results

        parse_manifest(json.loads(Path(target, "manifest.json").read_text()))
        if results.exists():
            parse_run_results(json.loads(results.read_text()))
        print("dbt-artifacts-parser", version("dbt-artifacts-parser"), "reads both")
    except ImportError:
        print("dbt-artifacts-parser is not installed")
    dbt = str(Path(sys.executable).parent / "dbt")
    for part in ("body", "configs", "relation", "contract"):
        command = [dbt, "-q", "ls", "--state", str(Path(target).resolve()), "-s", f"state:modified.{part}"]
        print(f"modified.{part}:", subprocess.run(command, cwd=project, capture_output=True, text=True).stdout.split())


if __name__ == "__main__":
    {"fields": fields, "check": check}[sys.argv[1]](*sys.argv[2:])
