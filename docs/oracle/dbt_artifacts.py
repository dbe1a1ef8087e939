"""Records which fields dbt's schemas of artifacts ask for, by kind, for OneShotCommandsTest.

    dbt_artifacts.py FILE
"""

import importlib
import json
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
    recorded = {"dbt-core": version("dbt-core")}
    for kind, (module, name) in KINDS.items():
        schema = getattr(importlib.import_module(module), name).json_schema()
        recorded[kind] = sorted(schema.get("required", []))
    Path(file).write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    fields(sys.argv[1])
