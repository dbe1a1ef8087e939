{% snapshot people_history %}
{{ config(target_schema='history', unique_key='id', strategy='timestamp', updated_at='updated_at', invalidate_hard_deletes=true) }}
select * from {{ ref('people') }}
{% endsnapshot %}

{% snapshot mails_history %}
{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at') }}
select * from {{ ref('mails') }}
{% endsnapshot %}
