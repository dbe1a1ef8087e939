{#
  A predicate on year, month and day that keeps the partitions of this run, always made of literals, because
  DuckDB skips files for literals and reads all of them for a sub-query.

  Landfall, or `dbt run --vars`, names the partitions in `landed_partitions`: a list of {year, month, day}, or of
  whatever the stream's Hive keys are. Without it an incremental run goes on from the newest partition in its own
  table, that one included. Year, month and day are compared as one text: three comparisons side by side would stop
  at the first month end.

  What plain dbt cannot see here is a file that comes late into an older partition: refresh in full, or name that
  partition and every later one, for an old partition alone would bring old versions back. Landfall keeps a ledger of
  files and never lets an older version replace a newer one, so it needs neither.
#}
{% macro landed_partitions() -%}
    {%- set landed = var('landed_partitions', none) -%}
    {%- if landed -%}
        {{ partition_in(landed) }}
    {%- elif is_incremental() -%}
        {%- set query = "select max(year || '-' || month || '-' || day) as newest from " ~ this -%}
        {%- set newest = run_query(query).columns[0].values()[0] -%}
        {%- if newest -%} (year || '-' || month || '-' || day >= '{{ newest }}') {%- else -%} true {%- endif -%}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# The same for a given list: (year || '-' || month || '-' || day) in ('2026-01-31', '2026-02-01'). #}
{% macro partition_in(partitions) -%}
    {%- set keys = partitions[0].keys() | list -%}
    {%- if keys -%}
        ({{ keys | join(" || '-' || ") }}) in (
        {%- for partition in partitions -%}
            {%- set values = [] -%}
            {%- for key in keys -%}
                {#- YAML reads 01 as the number 1, and the folder is month=01 -#}
                {%- set value = partition[key] -%}
                {%- do values.append('%02d' % value if value is number else value | replace("'", "''")) -%}
            {%- endfor -%}
            '{{ values | join('-') }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
