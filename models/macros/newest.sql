{#
  Keeps the newest version of each record: the last one that Airbyte extracted. Records of one batch may share that
  millisecond; then the stream's own cursor decides, and last the record's raw id, so that the same files always give
  the same rows. A missing time is older than any other.

  It is ONE order key, a tuple, over raw columns: in this form DuckDB reads the keys first and then only the winners.
  Two keys (order by a, b), a cast or a rename before it cost three times the time and the memory.
#}
{% macro newest(key, cursor) -%}
    row_number() over (
        partition by {{ key }}
        order by (
            coalesce(_airbyte_extracted_at, '-infinity'),
            coalesce({{ cursor }}, '-infinity'),
            _airbyte_raw_id
        ) desc
    ) = 1
{%- endmacro %}
