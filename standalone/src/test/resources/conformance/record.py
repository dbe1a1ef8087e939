#!/usr/bin/env python3
"""Runs the cases beside this file under real dbt and writes what came out into each one's folder expected/.

    python3 -m venv /tmp/dbt && /tmp/dbt/bin/pip install 'dbt-core==1.12.6' 'dbt-duckdb==1.11.1' 'duckdb==2.0.0'
    /tmp/dbt/bin/python record.py [case ...]

README.md says what a case is made of.
"""
import contextlib
import importlib.metadata
import io
import json
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
import yaml

HERE = Path(__file__).resolve().parent
OURS = {"case.yml", "overlays", "expected"}
WITHOUT_RESULTS = {"compile", "ls", "show", "run-operation"}  # Landfall writes run results of what builds and tests
VERSIONS = {each: importlib.metadata.version(each) for each in ("dbt-core", "dbt-duckdb", "duckdb")}


def in_child(work):
    """Runs work() in a process of its own, so that dbt keeps nothing from one command to the next."""
    read, write = os.pipe()
    if pid := os.fork():
        os.close(write)
        with os.fdopen(read) as answer:
            text = answer.read()
        os.waitpid(pid, 0)
        return json.loads(text)
    os.close(read)
    answer = {"code": 3, "out": "died"}
    try:
        answer = work()
    finally:
        with os.fdopen(write, "w") as out:
            json.dump(answer, out)
        os._exit(0)


def dbt(project, arguments, environment):
    def work():
        os.chdir(project)
        os.environ.update(environment, DO_NOT_TRACK="1", DBT_PARTIAL_PARSE="0", DBT_USE_COLORS="0", TZ="UTC")
        from dbt.cli.main import dbtRunner

        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            done = dbtRunner().invoke([*arguments, "--profiles-dir", "."])
        code = 0 if done.success else 2 if done.exception else 1
        return {"code": code, "out": out.getvalue() + (str(done.exception) if done.exception else "")}

    return in_child(work)


def statuses(project):
    file = project / "target" / "run_results.json"
    if not file.exists():
        return {}
    nodes = {}
    for result in json.loads(file.read_text())["results"]:
        failures = result.get("failures")
        nodes[result["unique_id"]] = result["status"] + (f" {failures}" if failures else "")
    file.unlink()
    return dict(sorted(nodes.items()))


def field(value):
    if value is None:
        return "NULL"
    text = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return '"' + text.replace('"', '""') + '"' if text in ("", "NULL") or set(text) & set(',"') else text


def dump(project, case):
    """Every relation of the warehouse: its type, and its rows as CSV below its columns' names and types."""
    relations, tables = {}, {}
    masks = case.get("masks", [])
    for name in [case.get("warehouse", "shop.duckdb"), *case.get("databases", [])]:
        if not (project / name).exists():
            continue
        prefix = "" if name == case.get("warehouse", "shop.duckdb") else Path(name).stem + "."
        with duckdb.connect(str(project / name)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"set file_search_path = '{project}'")
            for schema, table, kind in connection.execute(
                    "select table_schema, table_name, table_type from information_schema.tables"
                    " where table_catalog = current_database() and table_schema != '_landfall'").fetchall():
                relations[f"{prefix}{schema}.{table}"] = "view" if kind == "VIEW" else "table"
                query = f'''select * from "{schema}"."{table.replace('"', '""')}"'''
                tables[f"{prefix}{schema}.{table}"] = csv(connection, query, table, masks)
            if not prefix:
                for title, query in case.get("queries", {}).items():
                    tables[title] = csv(connection, query, title, masks)
    return {"relations": dict(sorted(relations.items())), "tables": tables}


def csv(connection, query, table, masks):
    columns = connection.execute("describe " + query).fetchall()
    names = [column[0] for column in columns]
    texts = ", ".join('"' + name.replace('"', '""') + '"::varchar' for name in names)
    rows = connection.execute(f"select {texts} from ({query})").fetchall()
    lines = []
    for row in rows:
        lines.append(",".join(
            field("*" if value is not None and f"{table}.{name}" in masks else value)
            for name, value in zip(names, row)))
    lines.sort(key=lambda line: line.encode())
    return "\n".join([",".join(map(field, names)), ",".join(field(column[1]) for column in columns), *lines]) + "\n"


def record(folder, work):
    case = yaml.safe_load((folder / "case.yml").read_text())
    project = Path(work) / folder.name
    shutil.copytree(HERE / "base", project)
    copy(folder, project)
    for name, times in case.get("copies", {}).items():
        for n in range(times):
            shutil.copy(project / name, (project / name).with_name(f"{Path(name).stem}_{n}{Path(name).suffix}"))
        (project / name).unlink()
    environment = {key: str(value) for key, value in case.get("environment", {}).items()}
    wants = (project / "packages.yml").exists() or (project / "dependencies.yml").exists()
    if wants and not (project / "dbt_packages").exists():
        dbt(project, ["deps"], environment)  # Landfall reads local packages where they are
    shutil.rmtree(folder / "expected", ignore_errors=True)
    (folder / "expected").mkdir()
    results = []
    for step in case["steps"]:
        if isinstance(step, dict):
            copy(folder / "overlays" / step["overlay"], project)
            continue
        prints = step.split()[0] in ("ls", "show")
        done = dbt(project, shlex.split(step) + ["--quiet"] * prints, environment)
        state = in_child(lambda: dump(project, case))
        nodes = statuses(project)
        results.append({"command": step, "code": done["code"],
                        "nodes": {} if step.split()[0] in WITHOUT_RESULTS else nodes,
                        "relations": state["relations"]})
        if prints and not done["code"]:
            results[-1]["output"] = sorted(line for line in done["out"].split("\n") if line)
        for table, text in state["tables"].items():
            file = folder / "expected" / str(len(results)) / (table + ".csv")
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        for text in case.get("dbt_says", {}).get(step, []):
            if text not in done["out"]:
                sys.exit(f"{folder.name}: dbt does not say '{text}' but\n{done['out']}")
        shown = " ".join(f"{status}:{sum(each == status for each in results[-1]['nodes'].values())}"
                         for status in sorted(set(results[-1]["nodes"].values())))
        print(f"{folder.name}: {step}: {done['code']} {shown}", flush=True)
        if done["code"] and "-v" in sys.argv:
            print(done["out"])
    (folder / "expected" / "results.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def copy(folder, project):
    for each in folder.iterdir():
        if each.name in OURS:
            continue
        if each.is_dir():
            (project / each.name).mkdir(exist_ok=True)
            copy(each, project / each.name)
        elif each.suffix == ".gone":
            (project / each.name).with_suffix("").unlink()
        else:
            shutil.copy(each, project / each.name)


def main(names):
    os.environ["PYTHONWARNINGS"] = "ignore"
    import dbt.adapters.duckdb  # once, for all children
    import dbt.cli.main

    if names and json.loads((HERE / "versions.json").read_text()) != VERSIONS:
        sys.exit(f"{VERSIONS} are not the versions of versions.json: record all cases, or take those")
    (HERE / "versions.json").write_text(json.dumps(VERSIONS) + "\n")

    for name in names or sorted(each.name for each in (HERE / "cases").iterdir()):
        with tempfile.TemporaryDirectory() as work:
            record(HERE / "cases" / name, work)


if __name__ == "__main__":
    main([each for each in sys.argv[1:] if each != "-v"])
