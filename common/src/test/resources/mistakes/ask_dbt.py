#!/usr/bin/env python3
"""Asks real dbt what it says of each case and writes it into the case: ask_dbt.py [NAME...]

Run it in a virtual environment with dbt-core 1.12.6 and dbt-duckdb 1.11.1. With -v what dbt says is printed.
"""
import logging
import os
import pathlib
import re
import shutil
import sys
import tempfile

os.environ["DO_NOT_TRACK"] = "1"
os.environ["DBT_LOG_LEVEL"] = "none"
from dbt.cli.main import dbtRunner  # noqa: E402

here = pathlib.Path(__file__).parent
PROJECT = "name: shop\nversion: '1.0'\nprofile: test\n"
PROFILES = "test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: warehouse.duckdb}\n"


def ask(case):
    sections = {}
    for section in re.split(r"^--- ", "--- head\n" + case, flags=re.M):
        if "\n" in section:
            name, text = section.split("\n", 1)
            sections[name] = text
    head = sections.pop("head")
    sections.pop("expected", None)
    work = pathlib.Path(tempfile.mkdtemp())
    for name, text in {"dbt_project.yml": PROJECT, "profiles.yml": PROFILES, **sections}.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    before = os.getcwd()
    os.chdir(work)
    said = []
    more = []
    for line in head.splitlines():
        if line.startswith("target: "):
            more += ["--target", line.split(": ", 1)[1]]
        if line.startswith("vars: "):
            more += ["--vars", line.split(": ", 1)[1]]
    try:
        runner = dbtRunner(callbacks=[lambda event: said.append(event.info) if event.info.level in ("warn", "error") else None])
        result = runner.invoke(["--quiet", "parse", "--no-partial-parse", "--project-dir", str(work), "--profiles-dir", str(work), *more])
    except BaseException as e:
        return "refuses", [f"crash {e!r}"]
    finally:
        os.chdir(before)
        shutil.rmtree(work, ignore_errors=True)
    messages = [info.msg for info in said]
    if result.exception:
        messages.append(str(result.exception))
    return ("accepts" if result.success else "refuses"), messages


verbose = "-v" in sys.argv
names = [each for each in sys.argv[1:] if each != "-v"]
for path in sorted(here.glob("*.txt")):
    if names and path.stem not in names:
        continue
    case = path.read_text()
    verdict, messages = ask(case)
    path.write_text(re.sub(r"^dbt:.*$", f"dbt: {verdict}", case, count=1, flags=re.M))
    print(path.stem, verdict)
    if verbose:
        for message in messages:
            print("    " + message.replace("\n", "\n    "))
