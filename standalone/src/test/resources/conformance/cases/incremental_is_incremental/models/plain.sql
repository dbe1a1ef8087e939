{{ config(materialized=var('kind', 'incremental')) }}
select '{{ is_incremental() }}' as was, {% if is_incremental() %}(select count(*) from {{ this }}){% else %}0{% endif %} as rows_before
