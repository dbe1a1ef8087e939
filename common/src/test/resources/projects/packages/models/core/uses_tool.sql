select * from {{ ref('tool_model') }} where '{{ this }}' <> '{{ this.identifier }}' -- {{ target.schema }} {{ this.schema }} {{ model.unique_id }} {{ model.config.materialized }}
{# {{ ref('nothing') }} #}
