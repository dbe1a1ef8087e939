#!/usr/bin/env python3
"""Writes a dbt project of N models as people have them, for measuring: projects.py N DIRECTORY

A tenth each of the models are staging over one source table apiece; the others read one to three models of the layer
below. Every model has a configuration, a description, columns and tests; every tenth is incremental, a few use macros,
loops and variables. The same N gives the same files.
"""
import pathlib
import random
import sys


def write(directory, name, text):
    file = directory / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def model(random, n, layers):
    """The layer, the SQL and the parents of the n-th model."""
    layer = 0 if n < layers[0] else next(i for i, first in enumerate(layers[1:], 1) if n < first)
    if layer == 0:
        return layer, f"""{{{{ config(materialized='view', tags=['staging', 'source_{n % 10}']) }}}}
with source as (
    select * from {{{{ source('raw_{n % 10}', 'table_{n}') }}}}
),
renamed as (
    select
        id,
        customer_id,
        {{{{ cents_to_euros('amount_cents') }}}} as amount,
        created_at
    from source
    where created_at >= '{{{{ var("start_date") }}}}'
)
select * from renamed
"""
    below = range(0 if layer == 1 else layers[layer - 2], layers[layer - 1])
    parents = sorted(random.sample(below, random.randint(1, 3)))
    joined = "\n".join(f"left join {{{{ ref('model_{p}') }}}} p{p} on p{p}.id = base.id" for p in parents[1:])
    incremental = n % 10 == 0
    loop = """
        {%- for part in ['day', 'week', 'month'] %}
        date_trunc('{{ part }}', base.created_at) as created_{{ part }},
        {%- endfor %}""" if n % 4 == 0 else ""
    return layer, f"""{{{{
    config(
        materialized='{"incremental" if incremental else "table"}',
        {"unique_key='id'," if incremental else ""}
        tags=['layer_{layer}']
    )
}}}}
-- model {n} of layer {layer}
select{loop}
        base.id,
        base.customer_id,
        base.amount,
        base.created_at
from {{{{ ref('model_{parents[0]}') }}}} as base
{joined}
{"{% if is_incremental() %}where base.created_at > (select max(created_at) from {{ this }}){% endif %}" if incremental else ""}
"""


def properties(n, layer):
    return f"""  - name: model_{n}
    description: The model {n} of layer {layer}, as it was generated.
    columns:
      - name: id
        description: The primary key.
        data_tests: [unique, not_null]
      - name: customer_id
        data_tests:
          - not_null
      - name: amount
        description: Euros.
"""


def project(count, directory):
    chance = random.Random(count)
    layers = [count // 10, count // 10 * 4, count // 10 * 7, count]
    write(directory, "dbt_project.yml", """name: generated
version: '1.0'
profile: generated
models:
  generated:
    +persist_docs: {relation: true}
    layer_3: {+schema: marts}
vars:
  start_date: '2024-01-01'
""")
    write(directory, "profiles.yml", """generated:
  target: dev
  outputs:
    dev: {type: duckdb, path: generated.duckdb, threads: 4}
""")
    write(directory, "macros/cents_to_euros.sql",
          "{% macro cents_to_euros(column) %}({{ column }} / 100)::decimal(16, 2){% endmacro %}\n")
    sources = "version: 2\nsources:\n"
    for group in range(10):
        sources += f"  - name: raw_{group}\n    schema: main\n    tables:\n"
        for n in range(group, layers[0], 10):
            sources += f"      - name: table_{n}\n        columns:\n          - name: id\n            data_tests: [not_null]\n"
    write(directory, "models/sources.yml", sources)
    described = {}
    for n in range(count):
        layer, sql = model(chance, n, layers)
        write(directory, f"models/layer_{layer}/group_{n % 7}/model_{n}.sql", sql)
        described.setdefault((layer, n % 7), []).append(properties(n, layer))
    for (layer, group), entries in described.items():
        write(directory, f"models/layer_{layer}/group_{group}/schema.yml", "version: 2\nmodels:\n" + "".join(entries))


if __name__ == "__main__":
    project(int(sys.argv[1]), pathlib.Path(sys.argv[2]))
