{% snapshot places_history %}
{{ config(schema='kept', unique_key=['country', 'town'], strategy='check', check_cols=['size'], hard_deletes='invalidate',
          snapshot_meta_column_names={'dbt_valid_from': 'since', 'dbt_valid_to': 'until', 'dbt_updated_at': 'changed'}) }}
select * from {{ ref('places') }}
{% endsnapshot %}
