#!/usr/bin/env python3
"""Has dbt itself read what Landfall leaves in target/, case by case.

    /tmp/dbt/bin/pip install --no-deps dbt-artifacts-parser
    /tmp/dbt/bin/python check_artifacts.py [--landfall COMMAND] [case ...]

After each of a case's commands, manifest.json and run_results.json go through dbt's own readers and JSON schema and
through dbt-artifacts-parser, and dbt's manifest is asked what it misses there. At the end `dbt ls
--select state:modified.…` compares dbt's project with Landfall's manifest: it must
find what it finds with dbt's own. README.md says what a case is.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from dbt_artifacts_parser.parser import parse_manifest, parse_run_results

from record import HERE, copy, in_child
from record import dbt as run_dbt

CASES = ["snapshot_block", "unit_tests", "versions", "groups_access", "docs", "selection", "contract_forms", "packages",
         "generic_tests", "microbatch", "run_hooks", "jaffle_shop", "run_operation", "table_function", "dbt_utils",
         "materializations"]
# Not state:modified.macros: the texts of the macros that come with the engine are not dbt's.
COMPARED = [f"state:modified.{part}" for part in ["body", "configs", "persisted_descriptions", "relation", "contract"]]
COMPILED = {"compiled", "compiled_code", "extra_ctes", "extra_ctes_injected"}  # there after a compilation alone
SECTIONS = ["nodes", "sources", "macros", "docs", "exposures", "metrics", "groups", "selectors", "disabled",
            "parent_map", "child_map", "group_map", "saved_queries", "semantic_models", "unit_tests", "functions"]


def read(target):
    """Reads both files as dbt does; gives what is wrong with them."""
    import dbt.flags
    from dbt.artifacts.schemas.manifest import WritableManifest
    from dbt.artifacts.schemas.run import RunResultsArtifact

    dbt.flags.GLOBAL_FLAGS.state_modified_compare_more_unrendered_values = False  # else set by dbt's command line
    wrong = []
    for name, kind, parse in [("manifest.json", WritableManifest, parse_manifest),
                              ("run_results.json", RunResultsArtifact, parse_run_results)]:
        file = target / name
        if not file.exists():
            continue
        raw = json.loads(file.read_text())
        try:
            if kind is not WritableManifest:  # that one is never validated itself, says dbt: it is upgraded first
                kind.validate(raw)
            artifact = kind.read_and_check_versions(str(file))
            again = json.loads(json.dumps(artifact.to_dict(omit_none=False), default=str))
            lost = sorted(set(raw) - set(again)) + sorted(set(again) - set(raw))
            if lost:
                wrong.append(f"{name}: its parts and dbt's differ by {lost}")
        except Exception as failure:
            wrong.append(f"{name}: dbt: {type(failure).__name__}: {failure}"[:600])
        try:
            parse(raw)
        except Exception as failure:
            wrong.append(f"{name}: dbt-artifacts-parser: {failure}"[:600])
    return wrong


def missed(project, target):
    """What dbt's manifest of the same project has and Landfall's has not, or the other way."""
    ours = json.loads((target / "manifest.json").read_text())
    theirs = json.loads((project / "target" / "manifest.json").read_text())
    wrong = []
    for section in SECTIONS:
        of = lambda manifest: {key for key in manifest[section] if not key.startswith(("macro.dbt", "doc.dbt"))}
        if (section == "parent_map" or section == "child_map"):
            of = lambda manifest: {f"{key}: {sorted(value)}" for key, value in manifest[section].items()
                                   if not key.startswith("operation.")}
        lacks, has = of(theirs) - of(ours), of(ours) - of(theirs)
        if lacks or has:
            wrong.append(f"manifest.json: {section}: lacks {sorted(lacks)[:5]}, has {sorted(has)[:5]}")
    for section in ["nodes", "sources", "exposures", "groups", "unit_tests"]:
        for key in set(ours[section]) & set(theirs[section]):
            fields = (set(theirs[section][key]) ^ set(ours[section][key])) - COMPILED
            if fields:
                wrong.append(f"manifest.json: {key}: fields differ by {sorted(fields)}")
    return wrong


def check(name, landfall, work):
    folder = HERE / "cases" / name
    case = yaml.safe_load((folder / "case.yml").read_text())
    project = Path(work) / name
    shutil.copytree(HERE / "base", project)
    copy(folder, project)
    for pattern, times in case.get("copies", {}).items():
        for n in range(times):
            shutil.copy(project / pattern, (project / pattern).with_name(f"{Path(pattern).stem}_{n}{Path(pattern).suffix}"))
        (project / pattern).unlink()
    environment = {key: str(value) for key, value in case.get("environment", {}).items()}
    wrong, parses = [], True
    for step in case["steps"]:
        if isinstance(step, dict):
            copy(folder / "overlays" / step["overlay"], project)
            continue
        for file in ["manifest.json", "run_results.json"]:
            (project / "target" / file).unlink(missing_ok=True)
        done = subprocess.run([*shlex.split(landfall), *shlex.split(step)], cwd=project, capture_output=True, text=True,
                              env={**os.environ, **environment, "TZ": "UTC"})
        parses = done.returncode != 2
        for problem in in_child(lambda: read(project / "target")):
            wrong.append(f"{step}: {problem}")
    if parses:
        subprocess.run([*shlex.split(landfall), "parse"], cwd=project, capture_output=True,
                       env={**os.environ, **environment, "TZ": "UTC"})
        saved = project / "landfall_target"
        shutil.rmtree(saved, ignore_errors=True)
        shutil.copytree(project / "target", saved)
        if ((project / "packages.yml").exists() or (project / "dependencies.yml").exists()) \
                and not (project / "dbt_packages").exists():
            run_dbt(project, ["deps"], environment)
        run_dbt(project, ["parse"], environment)
        wrong += missed(project, saved)
        shutil.copytree(project / "target", project / "dbt_target")
        select = lambda state: run_dbt(project, ["ls", "--select", *COMPARED, "--state", state, "--quiet"], environment)["out"]
        theirs, ours = select("dbt_target"), select("landfall_target")
        if theirs != ours:
            wrong.append(f"dbt ls --select {' '.join(COMPARED)}: {ours.split()[:12]} where dbt's own manifest gives"
                         f" {theirs.split()[:12]}")
    print(f"{name}: {'fine' if not wrong else ''}", *wrong, sep="\n    " if wrong else "", flush=True)
    return not wrong


def main(arguments):
    landfall = str(HERE.parents[4] / "landfall")
    if arguments[:1] == ["--landfall"]:
        landfall, arguments = arguments[1], arguments[2:]
    import dbt.adapters.duckdb  # once, for all children
    import dbt.cli.main

    results = []
    for name in arguments or CASES:
        with tempfile.TemporaryDirectory() as work:
            results.append(check(name, landfall, work))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
