{% snapshot by_revision %}{{ config(strategy='revision', unique_key='id', updated_at='seen', revision='rev', hard_deletes='invalidate') }}select * from {{ ref('people') }}{% endsnapshot %}
{% snapshot by_revision_list %}{{ config(strategy='revision', unique_key=['id', 'region'], updated_at='seen', revision='rev') }}select * from {{ ref('people') }}{% endsnapshot %}
{% snapshot by_case %}{{ config(strategy='check', unique_key='id', updated_at='seen', check_cols=['name', 'rev']) }}select * from {{ ref('people') }}{% endsnapshot %}
{% snapshot by_name %}{{ config(strategy='extras.by_name', unique_key=['region', 'name'], updated_at='seen') }}select * from {{ ref('people') }}{% endsnapshot %}
{% snapshot by_other %}{{ config(strategy='extras.unheard', unique_key='id', updated_at='seen', hard_deletes='new_record') }}select * from {{ ref('people') }}{% endsnapshot %}
{% snapshot unknown %}{{ config(strategy='unknown', unique_key='id') }}select * from {{ ref('people') }}{% endsnapshot %}
